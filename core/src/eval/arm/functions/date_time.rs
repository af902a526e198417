//! Points in time and durations, as ISO 8601 writes them.

/// A point in time, in ticks of a ten millionth of a second since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateTime {
    ticks: i64,
}

const TICKS_IN_SECOND: i64 = 10_000_000;
const SECONDS_IN_DAY: i64 = 86_400;

/// 0001-01-01 and the end of 9999, in seconds since 1970.
const FIRST_SECOND: i64 = -62_135_596_800;
const LAST_SECOND: i64 = 253_402_300_799;

/// A point in time by the calendar.
pub(super) struct Fields {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: usize,
    /// From 1.
    pub(super) day: i64,
    /// From Sunday as 0.
    pub(super) weekday: usize,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) ticks: i64,
}

impl DateTime {
    pub(super) fn from_seconds(seconds: i64) -> Option<DateTime> {
        let ticks = seconds.checked_mul(TICKS_IN_SECOND)?;
        DateTime { ticks }.in_range()
    }

    fn in_range(self) -> Option<DateTime> {
        (FIRST_SECOND..=LAST_SECOND)
            .contains(&self.seconds())
            .then_some(self)
    }

    pub(super) fn seconds(self) -> i64 {
        self.ticks.div_euclid(TICKS_IN_SECOND)
    }

    pub(super) fn later(self, ticks: i64) -> Option<DateTime> {
        let ticks = self.ticks.checked_add(ticks)?;
        DateTime { ticks }.in_range()
    }

    /// Reads `2020-04-07T14:53:14Z`, with a space for the T, with fractions, with an offset, without a time, or
    /// without separators (`20200407T145314Z`). A time without an offset is taken as UTC.
    pub(super) fn parse(text: &str) -> Option<DateTime> {
        let mut reader = Reader { rest: text };
        let year = reader.digits(4)?;
        let has_hyphens = reader.take("-");
        let month = reader.digits(2)?;
        if has_hyphens && !reader.take("-") {
            return None;
        }
        let day = reader.digits(2)?;
        let mut seconds = days(year, month, day)?.checked_mul(SECONDS_IN_DAY)?;
        let mut ticks = 0;
        if reader.take("T") || reader.take("t") || reader.take(" ") {
            let hour = reader.digits(2)?;
            let has_colons = reader.take(":");
            let minute = reader.digits(2)?;
            let second = match !has_colons || reader.take(":") {
                true => reader.digits(2)?,
                false => 0,
            };
            if hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            seconds += hour * 3600 + minute * 60 + second;
            if reader.take(".") {
                ticks = reader.fraction()?;
            }
            seconds -= reader.offset()?;
        }
        if !reader.rest.is_empty() {
            return None;
        }
        DateTime::from_seconds(seconds)?.later(ticks)
    }

    pub(super) fn fields(self) -> Fields {
        let seconds = self.seconds();
        let day_number = seconds.div_euclid(SECONDS_IN_DAY);
        let second = seconds.rem_euclid(SECONDS_IN_DAY);
        let (year, month, day) = date(day_number);
        Fields {
            year,
            month,
            day,
            // 1970 began on a Thursday.
            weekday: usize::try_from((day_number + 4).rem_euclid(7)).unwrap_or(0),
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            ticks: self.ticks.rem_euclid(TICKS_IN_SECOND),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn take(&mut self, wanted: &str) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let are_digits = digits.bytes().all(|digit| digit.is_ascii_digit());
        self.rest = rest;
        digits.parse().ok().filter(|_| are_digits)
    }

    fn all_digits(&mut self) -> &str {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit());
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        digits
    }

    /// The ticks of up to seven digits after the point.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self.all_digits();
        if digits.is_empty() || digits.len() > 7 {
            return None;
        }
        format!("{digits:0<7}").parse().ok()
    }

    /// `Z`, `+02:00` or nothing, in seconds.
    fn offset(&mut self) -> Option<i64> {
        if self.take("Z") || self.take("z") || self.rest.is_empty() {
            return Some(0);
        }
        let sign = match (self.take("+"), self.take("-")) {
            (true, _) => 1,
            (_, true) => -1,
            _ => return None,
        };
        let hours = self.digits(2)?;
        let minutes = match self.take(":") || !self.rest.is_empty() {
            true => self.digits(2)?,
            false => 0,
        };
        (hours <= 14 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970 to a date. The year is counted from March, so that its leap day is its last.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=days_in_month(year, month)).contains(&day)
    {
        return None;
    }
    let from_march = if month > 2 { year } else { year - 1 };
    let era = from_march.div_euclid(400);
    let year_of_era = from_march.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// The date so many days after 1970-01-01.
fn date(days: i64) -> (i64, usize, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
}

/// Reads `P1Y2M3DT4H5M6.7S`, or `-P9D`, as ticks. A year has 365 days and a month 30.
pub(super) fn duration(text: &str) -> Option<i64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (text.strip_prefix('P')?, ""),
    };
    let day = SECONDS_IN_DAY * TICKS_IN_SECOND;
    let day_units = [('Y', 365 * day), ('M', 30 * day), ('D', day)];
    let time_units = [
        ('H', 3600 * TICKS_IN_SECOND),
        ('M', 60 * TICKS_IN_SECOND),
        ('S', TICKS_IN_SECOND),
    ];
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let total = total(days, &day_units)?.checked_add(total(time, &time_units)?)?;
    total.checked_mul(sign)
}

/// Numbers with their units, in the order of the units.
fn total(text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut reader = Reader { rest: text };
    let mut units = units.iter();
    let mut total = 0_i64;
    while !reader.rest.is_empty() {
        let number: i64 = reader.all_digits().parse().ok()?;
        let fraction = match reader.take(".") {
            true => Some(reader.fraction()?),
            false => None,
        };
        let letter = reader.rest.chars().next()?;
        let (_, ticks) = units.find(|(unit, _)| *unit == letter)?;
        // Only seconds have fractions.
        if fraction.is_some() && letter != 'S' {
            return None;
        }
        reader.take(letter.encode_utf8(&mut [0; 4]));
        let part = number.checked_mul(*ticks)?.checked_add(fraction.unwrap_or(0))?;
        total = total.checked_add(part)?;
    }
    Some(total)
}
