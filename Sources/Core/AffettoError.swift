/// Every way in which the engine can refuse or fail. The C layer maps the code to `affetto_status`.
public struct AffettoError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Numbers are those of `affetto_status`; gaps between families are for growth.
    public enum Code: Int32, Sendable {
        case argument = -1
        case range = -2
        case encoding = -3
        case bufferTooSmall = -4
        case state = -20
        case notFound = -21
        case busy = -22
        case cancelled = -23
        case overrun = -24
        case closed = -25
        case policy = -40
        case consent = -41
        case store = -60
        case storeCorrupt = -61
        case storeFull = -62
        case key = -63
        case model = -80
        case modelVersion = -81
        case memory = -100
        case `internal` = -101
    }

    public var code: Code
    /// One line that says what was wrong and, where that helps, what would be right. Holds no personal data.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

/// Refuses a number that is not finite or out of `range`, naming the parameter.
public func requireInRange(_ value: Float, _ range: ClosedRange<Float>, _ what: String) throws(AffettoError) {
    guard value.isFinite, range.contains(value) else {
        throw AffettoError(
            .range, "\(what) is \(value); it must be a number in \(range.lowerBound)…\(range.upperBound)")
    }
}
