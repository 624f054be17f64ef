import AffettoCore
import AffettoLearning
import AffettoMusic
import Foundation

/// What the features would be worth to a model fitted on labels: EMOPIA's quadrants, songs left out. Such a model does
/// not ship: fitted on one collection it fails on others, and these labels are for research only.
enum MusicCrossValidation {
    private static let folds = 10

    static func run(_ data: URL) throws -> Figures {
        let clips = try EmopiaClip.load(MusicCorpora(data))
        let rows = clips.map(features)
        let songs = Array(Set(clips.map(\.song))).sorted()
        var random = SeededRandom(seed: 1, stream: 0x666F_6C64)
        let fold = Dictionary(uniqueKeysWithValues: songs.map { ($0, random.below(folds)) })
        var right = [[Bool]](repeating: [Bool](repeating: false, count: clips.count), count: 2)
        for held in 0..<folds {
            let train = clips.indices.filter { fold[clips[$0].song] != held }
            let test = clips.indices.filter { fold[clips[$0].song] == held }
            guard !test.isEmpty, !train.isEmpty else { continue }
            let scaled = standardised(rows, by: train)
            for (n, truth) in [{ $0.isLively }, { $0.isPleasant }].enumerated()
                as EnumeratedSequence<
                    [(EmopiaClip) -> Bool]
                >
            {
                let (weights, biases) = LinearDiscriminant.train(
                    rows: train.map { scaled[$0] }, classes: train.map { truth(clips[$0]) ? 1 : 0 },
                    weights: train.map { _ in 1 }, count: 2, shrinkage: 0.2)
                let size = rows[0].count
                for i in test {
                    let score = (0..<2).map { c in
                        biases[c]
                            + zip(scaled[i], weights[(c * size)..<((c + 1) * size)]).reduce(0) { $0 + $1.0 * $1.1 }
                    }
                    right[n][i] = (score[1] > score[0]) == truth(clips[i])
                }
            }
        }
        var figures = Figures()
        for (n, name) in ["music.emopia.fitted_arousal", "music.emopia.fitted_valence"].enumerated() {
            func share(_ picked: [Int]) -> Double { Double(picked.count { right[n][$0] }) / Double(picked.count) }
            figures.add(
                name, share(Array(clips.indices)),
                Metrics.interval(groups: clips.map(\.song), draws: 200, statistic: share), n: clips.count)
        }
        return figures
    }

    /// All numbers of the analysis; the chroma is turned so that the tonic comes first.
    private static func features(_ clip: EmopiaClip) -> [Float] {
        let a = clip.analysis
        let tonic = Int(a.features.key)
        var row = a.features.named.filter { $0.name != "key" && $0.name != "duration_s" }.map { Float($0.value) }
        // Rates and strengths are skewed.
        row += [a.features.flux, a.features.onsetRate, a.features.onsetStrength, a.features.roughness].map {
            log2(max($0, 1e-6))
        }
        row += (0..<12).map { a.chroma[($0 + tonic) % 12] }
        row += a.mfcc + a.mfccDeviation
        return row
    }

    private static func standardised(_ rows: [[Float]], by train: [Int]) -> [[Float]] {
        let size = rows[0].count
        let mean = (0..<size).map { i in train.reduce(Float(0)) { $0 + rows[$1][i] } / Float(train.count) }
        let deviation = (0..<size).map { i -> Float in
            let sum = train.reduce(Float(0)) { $0 + (rows[$1][i] - mean[i]) * (rows[$1][i] - mean[i]) }
            return max((sum / Float(train.count)).squareRoot(), 1e-6)
        }
        return rows.map { row in (0..<size).map { min(max((row[$0] - mean[$0]) / deviation[$0], -4), 4) } }
    }
}
