//! Days, for the rules that know when Azure retires something.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Date { year, month, day }
    }

    /// The day that many days after 1 January 1970.
    pub fn from_days_since_epoch(days: u64) -> Self {
        // Counted in eras of 400 years that start on 1 March, so that the leap day comes last.
        let shifted = days + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Date {
            year: u16::try_from(year).unwrap_or(u16::MAX),
            month: u8::try_from(month).unwrap_or(12),
            day: u8::try_from(day).unwrap_or(31),
        }
    }

    /// The whole months from this day to a later one; 0 when it is not later.
    pub fn months_until(self, later: Date) -> u32 {
        if later <= self {
            return 0;
        }
        let months = |date: Date| u32::from(date.year) * 12 + u32::from(date.month);
        months(later) - months(self) - u32::from(later.day < self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("`{text}` is not a date; write it as 2028-03-31");
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else {
            return Err(error());
        };
        let date = Date {
            year: year.parse().map_err(|_| error())?,
            month: month.parse().map_err(|_| error())?,
            day: day.parse().map_err(|_| error())?,
        };
        let leap =
            date.year.is_multiple_of(4) && (!date.year.is_multiple_of(100) || date.year.is_multiple_of(400));
        let days = match date.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return Err(error()),
        };
        if (1..=days).contains(&date.day) && year.len() == 4 {
            Ok(date)
        } else {
            Err(error())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn days_since_epoch_become_dates() {
        assert_eq!(Date::from_days_since_epoch(0), Date::new(1970, 1, 1));
        assert_eq!(Date::from_days_since_epoch(11_016), Date::new(2000, 2, 29));
        assert_eq!(Date::from_days_since_epoch(20_781), Date::new(2026, 11, 24));
    }

    #[test]
    fn dates_are_read_and_compared() {
        assert_eq!("2028-03-31".parse(), Ok(Date::new(2028, 3, 31)));
        assert!("2027-02-29".parse::<Date>().is_err());
        assert!("28-03-31".parse::<Date>().is_err());
        assert_eq!(Date::new(2026, 9, 30).months_until(Date::new(2028, 3, 31)), 18);
        assert_eq!(Date::new(2026, 10, 31).months_until(Date::new(2028, 3, 30)), 16);
        assert_eq!(Date::new(2029, 1, 1).months_until(Date::new(2028, 3, 31)), 0);
    }
}
