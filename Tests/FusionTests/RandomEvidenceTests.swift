import AffettoCore
import AffettoFusion
import Testing

private let wild: [Float] = [
    .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e30, -1e30, 1e-30,
    .leastNonzeroMagnitude, 0, -0, 1, -1,
]

private func number(_ random: inout SeededRandom) -> Float {
    random.uniform() < 0.3 ? wild[random.below(wild.count)] : Float(random.uniform() * 2 - 1)
}

private func evidence(_ random: inout SeededRandom, at time: inout Double) -> Evidence {
    time += random.uniform() < 0.1 ? -5 : [0, 0.01, 1, 30, 5000][random.below(5)] * random.uniform()
    func estimate() -> Estimate? {
        random.uniform() < 0.4 ? nil : Estimate(number(&random), sd: random.uniform() < 0.5 ? 0.3 : number(&random))
    }
    let classes: [Float] =
        switch random.below(4) {
        case 0: []
        case 1: (0..<random.below(20)).map { _ in number(&random) }
        case 2: Array(repeating: wild[random.below(wild.count)], count: Emotion.count)
        default: (0..<Emotion.count).map { _ in number(&random) * 5 }
        }
    return Evidence(
        modality: Modality.allCases[random.below(Modality.count)], time: seconds(time), logLikelihood: classes,
        valence: estimate(), arousal: estimate(), control: estimate(),
        quality: random.uniform() < 0.7 ? Float(random.uniform()) : number(&random))
}

private func run(_ seed: UInt64) -> [AffectState] {
    var random = SeededRandom(seed: seed)
    var time = 0.0
    var filter = AffectFilter(home: AffectPoint(valence: number(&random), arousal: number(&random)), at: 0)
    return (0..<12).map { _ in
        filter.update(evidence(&random, at: &time))
        if random.uniform() < 0.3 { filter.advance(to: seconds(time + random.uniform() * 1000)) }
        return filter.state
    }
}

@Suite struct RandomEvidenceTests {
    @Test func tenThousandWildSequencesLeaveSoundStates() {
        var broken = 0
        var spoke = 0
        for seed in 0..<UInt64(10_000) {
            let states = run(seed)
            if !states.allSatisfy(\.isSound) { broken += 1 }
            if states.contains(where: { $0.abstain == .none }) { spoke += 1 }
        }
        #expect(broken == 0)
        #expect(spoke > 300, "the sequences reach more than abstention")
    }

    @Test func sameEvidenceSameBytes() throws {
        for seed in 0..<UInt64(200) { #expect(try JSON.encode(run(seed)) == JSON.encode(run(seed))) }
    }
}

/// Noisy evidence about a state that is known.
@Suite struct CoverageTests {
    private func estimate(_ truth: AffectPoint, seed: UInt64, messages: Int) -> AffectState {
        var random = SeededRandom(seed: seed, stream: 7)
        var filter = AffectFilter(home: origin, at: 0)
        for n in 0..<messages {
            func noisy(_ value: Float, _ sd: Double) -> Float { value + Float(normal(&random) * sd) }
            filter.update(
                Evidence(
                    modality: .text, time: seconds(Double(n) * 20),
                    valence: Estimate(noisy(truth.valence, 0.39), sd: 0.3),
                    arousal: Estimate(noisy(truth.arousal, 0.39), sd: 0.3), quality: 1))
        }
        return filter.state
    }

    @Test func theEstimateLiesWithinTwoDeviationsForMostSeeds() {
        var inside = 0
        var all = 0
        var error = 0.0
        for emotion in Emotion.allCases {
            for seed in 0..<UInt64(100) {
                let state = estimate(emotion.point, seed: seed, messages: 8)
                for (found, truth) in [(state.valence, emotion.point.valence), (state.arousal, emotion.point.arousal)] {
                    all += 1
                    error += Double(abs(found.mean - truth))
                    if abs(found.mean - truth) <= 2 * found.sd { inside += 1 }
                }
            }
        }
        let coverage = Double(inside) / Double(all)
        print("fusion: \(coverage) of \(all) truths within 2 sd; mean absolute error \(error / Double(all))")
        #expect(coverage > 0.9)
        #expect(error / Double(all) < 0.2, "it must not be right by knowing nothing")
    }

    @Test func moreEvidenceIsBetter() {
        func meanError(_ messages: Int) -> Float {
            (0..<UInt64(200)).reduce(Float(0)) {
                $0 + abs(estimate(Emotion.anxious.point, seed: $1, messages: messages).valence.mean + 0.55)
            } / 200
        }
        #expect(meanError(10) < meanError(2) && meanError(2) < 0.55)
    }
}
