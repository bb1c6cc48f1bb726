//! Seconds since 1970 to the three ways in which CloudTrail writes times. No clock is read.

/// When every corpus begins: 2026-09-01T00:00:00Z.
pub(crate) const BEGIN: i64 = 1_788_220_800;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A UTC instant taken apart.
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

/// Days to a date in the Gregorian calendar, counting years from March so that the leap day is the
/// last of its year.
pub(crate) fn civil(seconds: i64) -> Civil {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    Civil {
        year: era * 400 + year_of_era + i64::from(month <= 2),
        month,
        day: day_of_year - (153 * month_from_march + 2) / 5 + 1,
        hour: rest / 3_600,
        minute: rest % 3_600 / 60,
        second: rest % 60,
    }
}

/// `2026-09-01T00:00:00Z`, as in `eventTime`.
pub(crate) fn instant(seconds: i64) -> String {
    let Civil { year, month, day, hour, minute, second } = civil(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `Sep 1, 2026, 12:00:00 AM`, as in responses.
pub(crate) fn text(seconds: i64) -> String {
    let Civil { year, month, day, hour, minute, second } = civil(seconds);
    let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    format!("{name} {day}, {year}, {hour}:{minute:02}:{second:02} {half}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants_are_written_as_cloudtrail_writes_them() {
        assert_eq!(instant(BEGIN), "2026-09-01T00:00:00Z");
        assert_eq!(instant(951_782_400 - 1), "2000-02-28T23:59:59Z");
        assert_eq!(instant(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(text(BEGIN), "Sep 1, 2026, 12:00:00 AM");
        assert_eq!(text(BEGIN + 13 * 3_600 + 61), "Sep 1, 2026, 1:01:01 PM");
    }
}
