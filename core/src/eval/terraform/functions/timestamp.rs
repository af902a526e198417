//! Points in time as RFC 3339 writes them, with Terraform's complaints, and Go's durations.

use super::encoding::quoted;

/// A point in time and the zone it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timestamp {
    /// Since 1970 in UTC.
    pub(super) seconds: i64,
    pub(super) nanoseconds: u32,
    /// Seconds east of UTC.
    pub(super) offset: i32,
}

/// A point in time on the clock and calendar of its zone.
pub(super) struct Clock {
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
}

/// Days before 1 January 1970, counted on the Gregorian calendar.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

pub(super) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Timestamp {
    pub(super) fn of(date: (i64, i64, i64), time: (i64, i64, i64), nanoseconds: u32, offset: i32) -> Self {
        let days = days_since_epoch(date.0, date.1, date.2);
        let seconds = days * 86_400 + time.0 * 3_600 + time.1 * 60 + time.2;
        Timestamp {
            seconds: seconds - i64::from(offset),
            nanoseconds,
            offset,
        }
    }

    pub(super) fn clock(self) -> Clock {
        let local = self.seconds.saturating_add(i64::from(self.offset));
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Clock {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: second / 3_600,
            minute: second % 3_600 / 60,
            second: second % 60,
            weekday: (days + 4).rem_euclid(7),
        }
    }

    /// The offset as `+hh:mm` with this between the parts.
    pub(super) fn offset_text(self, between: &str) -> String {
        let minutes = self.offset.unsigned_abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
    }

    /// In RFC 3339 without fractions of a second.
    pub(super) fn text(self) -> String {
        let clock = self.clock();
        let zone = match self.offset {
            0 => "Z".to_owned(),
            _ => self.offset_text(":"),
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}",
            clock.year, clock.month, clock.day, clock.hour, clock.minute, clock.second
        )
    }

    /// Reads RFC 3339 strictly.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Reader { rest: text }
            .timestamp(text)
            .map_err(|problem| format!("not a valid RFC3339 timestamp: {problem}"))
    }

    /// Later by so many nanoseconds.
    pub(super) fn later(self, nanoseconds: i64) -> Self {
        let total = i64::from(self.nanoseconds) + nanoseconds % 1_000_000_000;
        let carried = nanoseconds / 1_000_000_000 + total.div_euclid(1_000_000_000);
        Timestamp {
            seconds: self.seconds.saturating_add(carried),
            nanoseconds: u32::try_from(total.rem_euclid(1_000_000_000)).unwrap_or(0),
            offset: self.offset,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn timestamp(&mut self, whole: &str) -> Result<Timestamp, String> {
        let year = self.year()?;
        self.mark("-")?;
        let month = self.number("month", true)?;
        if !(1..=12).contains(&month) {
            return Err(self.cannot_use("month"));
        }
        self.mark("-")?;
        let day = self.number("day of month", true)?;
        if !self.rest.starts_with('T') {
            return Err("missing required time introducer 'T'".to_owned());
        }
        self.skip(1);
        let before_hour = self.rest;
        let hour = self.number("hour", false)?;
        if hour > 23 {
            return Err("hour must be between 0 and 23 inclusive".to_owned());
        }
        self.mark(":")?;
        let minute = self.number("minute", true)?;
        if minute > 59 {
            return Err(self.cannot_use("minute"));
        }
        self.mark(":")?;
        let second = self.number("second", true)?;
        if second > 59 {
            return Err(self.cannot_use("second"));
        }
        let comma = self.rest.starts_with(',');
        let nanoseconds = self.fraction();
        let offset = self.zone()?;
        if !self.rest.is_empty() {
            return Err(self.cannot_use("timestamp segment"));
        }
        if day < 1 || day > days_in(year, month) {
            return Err("day out of range".to_owned());
        }
        if before_hour.as_bytes().get(1) == Some(&b':') {
            return Err("hour must have exactly two digits".to_owned());
        }
        if comma {
            return Err("cannot use \",\" as timestamp segment".to_owned());
        }
        let Some((hours, minutes)) = offset else {
            return Ok(Timestamp::of(
                (year, month, day),
                (hour, minute, second),
                nanoseconds,
                0,
            ));
        };
        let zone = &whole[whole.len() - 6..];
        if hours > 23 || minutes > 59 {
            return Err(format!("cannot use {} as UTC offset", quoted(zone)));
        }
        let offset = hours * 3_600 + minutes * 60;
        let offset = if zone.starts_with('-') { -offset } else { offset };
        Ok(Timestamp::of(
            (year, month, day),
            (hour, minute, second),
            nanoseconds,
            offset,
        ))
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }

    fn cannot_use(&self, what: &str) -> String {
        match (self.rest, what) {
            ("", what) => format!("end of string before {what}"),
            (rest, "hour") if rest.contains(':') => "hour must be between 0 and 23 inclusive".to_owned(),
            (rest, "hour" | "minute") if rest.len() != 2 => format!("{what} must have exactly two digits"),
            (rest, what) => format!("cannot use {} as {what}", quoted(rest)),
        }
    }

    fn mark(&mut self, mark: &str) -> Result<(), String> {
        if self.rest.starts_with(mark) {
            self.skip(1);
            return Ok(());
        }
        Err(match self.rest {
            "" => format!("end of string where \"{mark}\" is expected"),
            rest => format!("found {} where \"{mark}\" is expected", quoted(rest)),
        })
    }

    fn year(&mut self) -> Result<i64, String> {
        let digits = self.rest.get(..4);
        match digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit())) {
            Some(digits) => {
                self.skip(4);
                digits.parse().map_err(|_| self.cannot_use("year"))
            }
            None => Err(self.cannot_use("year")),
        }
    }

    /// Two digits; one is enough unless both are wanted.
    fn number(&mut self, what: &str, both: bool) -> Result<i64, String> {
        let digit = |index: usize| match self.rest.as_bytes().get(index) {
            Some(digit @ b'0'..=b'9') => Some(i64::from(digit - b'0')),
            _ => None,
        };
        match (digit(0), digit(1)) {
            (Some(tens), Some(ones)) => {
                self.skip(2);
                Ok(tens * 10 + ones)
            }
            (Some(ones), None) if !both => {
                self.skip(1);
                Ok(ones)
            }
            _ => Err(self.cannot_use(what)),
        }
    }

    /// Nanoseconds after a point or comma; further digits do not count.
    fn fraction(&mut self) -> u32 {
        let Some(digits) = self.rest.strip_prefix(['.', ',']) else {
            return 0;
        };
        let end = digits
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(digits.len());
        let digits = &digits[..end];
        if digits.is_empty() {
            return 0;
        }
        self.skip(1 + end);
        format!("{digits:0<9}")
            .get(..9)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0)
    }

    /// Hours and minutes of an offset; none for `Z`.
    fn zone(&mut self) -> Result<Option<(i32, i32)>, String> {
        if self.rest.starts_with('Z') {
            self.skip(1);
            return Ok(None);
        }
        let zone = self.rest.get(..6).filter(|zone| zone.as_bytes()[3] == b':');
        let Some(zone) = zone else {
            return Err(self.cannot_use("UTC offset"));
        };
        let number = |range: std::ops::Range<usize>| {
            let digits = zone
                .get(range)
                .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
            digits.and_then(|digits| digits.parse::<i32>().ok())
        };
        let parts = number(1..3)
            .zip(number(4..6))
            .filter(|_| zone.starts_with(['+', '-']));
        self.skip(6);
        match parts {
            Some((hours, minutes)) if hours <= 24 && minutes <= 60 => Ok(Some((hours, minutes))),
            _ => Err(self.cannot_use("UTC offset")),
        }
    }
}

/// A duration such as `1h30m` or `-1.5s` in nanoseconds.
pub(super) fn duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let (negative, mut rest) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let end = after
            .find(|letter: char| letter == '.' || letter.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let nanoseconds: i128 = match unit {
            "" => return Err(format!("time: missing unit in duration {}", quoted(text))),
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            unit => {
                let (unit, text) = (quoted(unit), quoted(text));
                return Err(format!("time: unknown unit {unit} in duration {text}"));
            }
        };
        let whole = match whole {
            "" => 0,
            whole => whole.parse::<i64>().map_err(|_| invalid())?,
        };
        total += i128::from(whole) * nanoseconds + parts(fraction, nanoseconds);
        rest = after;
        if total > i128::from(i64::MAX) + i128::from(negative) {
            return Err(invalid());
        }
    }
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

/// The decimal fraction of a unit in nanoseconds, cut off.
fn parts(fraction: &str, nanoseconds: i128) -> i128 {
    let kept = fraction.get(..18).unwrap_or(fraction);
    let scale = 10_i128.pow(u32::try_from(kept.len()).unwrap_or(0));
    kept.parse::<i128>().unwrap_or(0) * nanoseconds / scale
}

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}
