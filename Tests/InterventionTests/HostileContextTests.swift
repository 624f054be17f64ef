import AffettoCore
import AffettoIntervention
import Testing

private let wild: [Float] = [
    .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e30, .leastNonzeroMagnitude, 0, -0.5, 0.5,
]

/// Whatever a host, a file or a sensor gives: a decision with numbers, and no trap.
@Suite struct HostileContextTests {
    @Test func wildNumbersEverywhereStillGiveADecision() {
        for seed in 0..<UInt64(3000) {
            var random = SeededRandom(seed: seed, stream: 9)
            func number() -> Float { wild[random.below(wild.count)] }
            func oddTrack(_ n: Int) -> Track {
                var odd = track(
                    "t\(n % 7)", style: ["", "a", "\u{0}"][random.below(3)], valence: number(), arousal: number(),
                    tempo: number(), artist: ["", "é"][random.below(2)])
                odd.features.brightness = number()
                odd.features.loudness = number()
                return odd
            }
            let tracks = (0..<random.below(15)).map(oddTrack)
            var c = context(tracks, seed: .max - seed)
            c.id = random.next()
            c.time = [Int64.min, .max, 0][random.below(3)]
            c.state = state(Emotion.allCases[random.below(Emotion.count)], valence: number())
            c.state.arousal.mean = number()
            c.state.evidence = [[], [1], [0, 0, 0, 0, number()]][random.below(3)]
            c.emotionAge = [Double.nan, -.infinity, .infinity, 1e300][random.below(4)]
            c.goal = .create
            c.played = (0..<random.below(4)).map(oddTrack)
            c.step = [Int.min, -1, 0, 3, .max][random.below(5)]
            if random.uniform() < 0.5 {
                c.path = AffectPath(start: AffectPoint(valence: number(), arousal: number()), goal: c.goal.destination)
            }
            c.model.strategies["sad/iso"] = Belief(mean: number(), variance: number())
            c.model.liking.styles["a"] = Belief(mean: number(), variance: number())
            c.model.benefit.weights = (0..<[0, 8, 9][random.below(3)]).map { _ in number() }
            let (decision, path, _) = Decider().decide(c)
            #expect(decision.propensity > 0 && decision.propensity <= 1)
            #expect(abs(decision.expectedLiking) <= 1 && abs(decision.expectedBenefit) <= 1)
            #expect(path.map { (2...6).contains($0.steps) } ?? true)
            guard decision.action == .play else { continue }
            #expect(abs(decision.candidates.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
            #expect(decision.candidates.allSatisfy { $0.probability >= 0.02 - 1e-12 })
        }
    }

    @Test func aLibraryOfTenThousandIsDecidedOnLikeOneOfTen() {
        let decision = Decider().decide(context(library(10_000))).decision
        #expect(decision.candidates.count <= 8 && decision.gate == .none)
    }
}
