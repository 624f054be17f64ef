import AffettoCore
import AffettoEvaluation
import CAffetto

// Header section: evaluation.

extension affetto_evaluation_options: Sized {}

private func optionDefaults() -> affetto_evaluation_options {
    var defaults = affetto_evaluation_options()
    let evaluation = OffPolicy()
    defaults.draws = Int32(evaluation.draws)
    defaults.seed = evaluation.seed
    defaults.ridge = evaluation.ridge
    defaults.least_sample_size = evaluation.leastSampleSize
    defaults.least_coverage = evaluation.leastCoverage
    return defaults
}

@_cdecl("affetto_evaluation_options_init") @implementation
public func affetto_evaluation_options_init(
    _ options: UnsafeMutablePointer<affetto_evaluation_options>?, _ size: UInt32
) {
    initialise(options, size, optionDefaults())
}

@_cdecl("affetto_evaluate") @implementation
public func affetto_evaluate(
    _ log: UnsafePointer<CChar>?, _ length: Int, _ options: UnsafePointer<affetto_evaluation_options>?,
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ out_length: UnsafeMutablePointer<Int>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let c = options == nil ? optionDefaults() : try read(options, "options")
        guard (10...100_000).contains(c.draws) else {
            throw AffettoError(.range, "draws is \(c.draws); it must be 10…100000")
        }
        guard c.ridge > 0, c.ridge.isFinite, c.least_sample_size >= 0, c.least_sample_size.isFinite,
            (0...1).contains(c.least_coverage)
        else { throw AffettoError(.range, "ridge, least_sample_size or least_coverage makes no sense") }
        guard let log else { throw AffettoError(.argument, "log is NULL") }
        guard length >= 0, length <= 1 << 30 else { throw AffettoError(.range, "a log has at most 2^30 bytes") }
        let choices = try ChoiceLog([UInt8](UnsafeRawBufferPointer(start: log, count: length)))
        var evaluation = OffPolicy()
        (evaluation.draws, evaluation.seed, evaluation.ridge) = (Int(c.draws), c.seed, c.ridge)
        (evaluation.leastSampleSize, evaluation.leastCoverage) = (c.least_sample_size, c.least_coverage)
        let result = try evaluation.evaluate(choices.choices, target: try choices.namedTargets())
        try give(JSON.text(result), buffer, capacity, out_length)
    }
}
