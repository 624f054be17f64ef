import AffettoCore
import AffettoLearning
import AffettoVoice

/// Class scores of recordings whose speaker the scoring model never heard.
struct VoiceHeldOut {
    /// Orders in which a speaker's recordings are given where that matters.
    private static let givenOrders: [UInt64] = [1, 2, 3, 4, 5]

    let truth: [Int]
    let speakers: [String]
    /// Scores of the recordings as they are: for each way of adapting, and of "causal" for each order.
    private(set) var scores: [VoiceAdaptation: [[Float]]] = [:]
    private(set) var orders: [[[Float]]]
    /// In noise and through a telephone, baselines from earlier recordings disturbed alike.
    private(set) var noisy: [[Float]] = []
    private(set) var telephone: [[Float]] = []
    /// Where only neutral recordings of the speaker were heard before, and only recordings of the same emotion.
    private(set) var afterNeutral: [[Float]]
    private(set) var afterSame: [[Float]]
    /// How far each speaker is from the others.
    private(set) var distances: [Float] = []

    /// - Parameter folds: how many parts the speakers are put into; one each where `nil`.
    init(
        _ samples: [VoiceSample], labels: [String], folds: Int?,
        disturbed: (noisy: [[Float]], telephone: [[Float]])? = nil,
        seed: UInt64
    ) {
        speakers = samples.map(\.speaker)
        truth = samples.map { labels.firstIndex(of: $0.label) ?? 0 }
        let names = Set(speakers).sorted()
        let parts = min(folds ?? names.count, names.count)
        let fold = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 * parts / names.count) })
        let empty = [[Float]](repeating: [], count: samples.count)
        for adaptation in VoiceAdaptation.allCases { scores[adaptation] = empty }
        orders = Array(repeating: empty, count: Self.givenOrders.count)
        afterNeutral = empty
        afterSame = empty
        if disturbed != nil {
            noisy = empty
            telephone = empty
        }
        let progress = ProgressLine()
        for part in 0..<parts {
            progress.show("training without part \(part + 1)/\(parts)")
            let inside = samples.indices.filter { fold[speakers[$0]] == part }
            let model = VoiceTraining.train(
                samples.indices.filter { fold[speakers[$0]] != part }.map { samples[$0] }, labels: labels, seed: seed)
            func score(_ features: [[Float]], _ adaptation: VoiceAdaptation, _ order: UInt64) -> [[Float]] {
                VoiceTraining.scores(
                    model, features: features, speakers: inside.map { speakers[$0] }, adaptation, seed: order)
            }
            let clean = inside.map { samples[$0].copies[0] }
            let baselines = VoiceTraining.baselines(
                model, features: clean, speakers: inside.map { speakers[$0] })
            distances += baselines.values.compactMap(\.distance)
            for adaptation in VoiceAdaptation.allCases {
                for (row, found) in zip(inside, score(clean, adaptation, seed)) { scores[adaptation]?[row] = found }
            }
            func after(_ isHeard: (String, String) -> Bool) -> [[Float]] {
                VoiceTraining.scores(model, features: clean) { own in
                    inside.indices.filter { other in
                        other != own && speakers[inside[other]] == speakers[inside[own]]
                            && isHeard(samples[inside[other]].label, samples[inside[own]].label)
                    }
                }
            }
            for (row, found) in zip(inside, after { other, _ in other == "neutral" }) { afterNeutral[row] = found }
            for (row, found) in zip(inside, after { $0 == $1 }) { afterSame[row] = found }
            for (n, order) in Self.givenOrders.enumerated() {
                for (row, found) in zip(inside, score(clean, .causal, order)) { orders[n][row] = found }
            }
            if let disturbed {
                for (row, s) in zip(inside, score(inside.map { disturbed.noisy[$0] }, .causal, seed)) { noisy[row] = s }
                for (row, s) in zip(inside, score(inside.map { disturbed.telephone[$0] }, .causal, seed)) {
                    telephone[row] = s
                }
            }
        }
        progress.clear()
    }

    /// Every way of adapting together: what a temperature is fitted on.
    var pooled: (scores: [[Float]], truth: [Int]) {
        let all = VoiceAdaptation.allCases.flatMap { scores[$0] ?? [] }
        return (all, Array(repeating: truth, count: VoiceAdaptation.allCases.count).flatMap { $0 })
    }

    /// The temperature that suits the other speakers.
    func temperature(without speaker: String) -> Float {
        let rows = truth.indices.filter { speakers[$0] != speaker }
        let all = VoiceAdaptation.allCases.flatMap { way in rows.map { scores[way]?[$0] ?? [] } }
        let answers = VoiceAdaptation.allCases.flatMap { _ in rows.map { truth[$0] } }
        return Calibration.temperature(logits: all, truth: answers)
    }
}
