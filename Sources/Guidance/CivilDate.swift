/// A date and time of day in UTC, in the proleptic Gregorian calendar.
public struct CivilDate: Sendable, Equatable {
    public let year: Int
    /// 1…12.
    public let month: Int
    /// 1…31.
    public let day: Int
    /// 0…23.
    public let hour: Int
    /// 0…59.
    public let minute: Int
    /// 0 = Sunday.
    public let weekday: Int

    /// From seconds since 1970; `nil` outside the years 1…9999.
    ///
    /// Days are counted in eras of 400 years that begin on 1 March, so that leap days come last.
    public init?(unixSeconds: Int64) {
        guard (-62_135_596_800..<253_402_300_800).contains(unixSeconds) else { return nil }
        let days = Int(unixSeconds >= 0 ? unixSeconds / 86400 : (unixSeconds - 86399) / 86400)
        let second = Int(unixSeconds) - days * 86400
        // 0000-03-01 lies 719,468 days before 1970-01-01; an era has 146,097 days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        hour = second / 3600
        minute = second % 3600 / 60
        weekday = ((days % 7) + 11) % 7
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// "Thursday 12 March 2026, 17:05 UTC".
    public var text: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(Self.weekdays[weekday]) \(day) \(Self.months[month - 1]) \(year), \(two(hour)):\(two(minute)) UTC"
    }
}
