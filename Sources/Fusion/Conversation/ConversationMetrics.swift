import AffettoCore
import AffettoLearning
import Glibc

/// How well a model does on labelled turns.
public struct ConversationMetrics: Codable, Sendable, Equatable {
    /// Labelled turns.
    public var turns = 0
    public var accuracy = 0.0
    /// Unweighted average recall over the classes that occur.
    public var uar = 0.0
    public var weightedF1 = 0.0
    public var macroF1 = 0.0
    /// Expected calibration error of the likeliest class's probability, ten bins.
    public var ece = 0.0
    /// Mean negative log-likelihood, nats.
    public var logLoss = 0.0
    /// Row = truth, column = guess, in order of the labels.
    public var confusion: [[Int]] = []
    /// Pearson's r of valence, arousal and control; `nil` where there is too little to tell.
    public var valenceR: Double?
    public var arousalR: Double?
    public var controlR: Double?

    /// - Parameter outputs: per turn of the conversations, one after the other: class probabilities, then the dimensions.
    init(_ outputs: [[Float]], _ conversations: [Conversation], _ shape: ConversationShape) {
        let classes = shape.labels.count
        let rows = zip(outputs, conversations.lazy.flatMap(\.turns))
        var (truth, guess, confidence): ([Int], [Int], [Float]) = ([], [], [])
        var loss = 0.0
        confusion = Array(repeating: Array(repeating: 0, count: classes), count: classes)
        for (output, turn) in rows {
            guard let label = turn.label else { continue }
            let best = (0..<classes).max { output[$0] < output[$1] } ?? 0
            truth.append(label)
            guess.append(best)
            confidence.append(output[best])
            loss -= log(Double(max(output[label], 1e-9)))
            confusion[label][best] += 1
        }
        turns = truth.count
        if turns > 0 {
            accuracy = Metrics.accuracy(truth: truth, guess: guess)
            uar = Metrics.uar(truth: truth, guess: guess, classes: classes)
            weightedF1 = Metrics.weightedF1(truth: truth, guess: guess, classes: classes)
            macroF1 = Metrics.macroF1(truth: truth, guess: guess, classes: classes)
            ece = Metrics.ece(confidence: confidence, correct: zip(truth, guess).map { $0 == $1 })
            logLoss = loss / Double(turns)
        }
        guard shape.hasDimensions else { return }
        func r(_ d: Int) -> Double? {
            let known = rows.filter { $1.dimensions[d].isFinite }
            let value = Metrics.pearson(known.map { $0.0[classes + d] }, known.map { $0.1.dimensions[d] })
            return value.isFinite ? value : nil
        }
        (valenceR, arousalR, controlR) = (r(0), r(1), r(2))
    }
}
