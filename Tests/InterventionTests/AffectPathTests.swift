import AffettoCore
import AffettoIntervention
import Testing

@Suite struct AffectPathTests {
    @Test func stepsAreTwoToSixAndEqual() {
        var random = SeededRandom(seed: 1)
        func point() -> AffectPoint {
            AffectPoint(valence: Float(random.uniform() * 2 - 1), arousal: Float(random.uniform() * 2 - 1))
        }
        var seen: Set<Int> = []
        for _ in 0..<2000 {
            let path = AffectPath(start: point(), goal: point())
            seen.insert(path.steps)
            #expect((2...6).contains(path.steps))
            #expect(path.waypoint(0) == path.start && path.waypoint(path.steps).distance(to: path.goal) < 1e-5)
            let length = path.start.distance(to: path.goal)
            // No step is longer than 0.35, unless six cannot cover the way.
            #expect(length / Float(path.steps) <= 0.35 + 1e-5 || path.steps == 6)
            for n in 0..<path.steps {
                let step = path.waypoint(n).distance(to: path.waypoint(n + 1))
                #expect(abs(step - length / Float(path.steps)) < 1e-5)
                #expect(path.progress(of: path.waypoint(n)) <= path.progress(of: path.waypoint(n + 1)))
                #expect(abs(path.progress(of: path.waypoint(n)) - Float(n) / Float(path.steps)) < 1e-3 || length < 0.01)
            }
        }
        #expect(seen == [2, 3, 4, 5, 6])
    }

    @Test func thePlansExample() {
        let path = AffectPath(start: Emotion.anxious.point, goal: AffectPoint(valence: 0.55, arousal: -0.5))
        #expect(path.steps == 5, "anxious to calm is 1.56 long")
    }

    @Test func waypointsStayOnThePath() {
        let path = AffectPath(
            start: AffectPoint(valence: -0.5, arousal: 0), goal: AffectPoint(valence: 0.5, arousal: 0))
        for index in [Int.min, -1, 0] { #expect(path.waypoint(index) == path.start) }
        for index in [path.steps, 100, .max] { #expect(path.waypoint(index) == path.goal) }
        #expect(path.progress(of: AffectPoint(valence: 3, arousal: 9)) == 1)
        #expect(path.progress(of: AffectPoint(valence: -3, arousal: 9)) == 0)
        #expect(abs(path.progress(of: AffectPoint(valence: 0, arousal: 0.7)) - 0.5) < 1e-6)
    }

    @Test func pathsToNowhereHoldStill() {
        let here = AffectPoint(valence: 0.1, arousal: 0.1)
        let path = AffectPath(start: here, goal: here)
        #expect(path.steps == 2 && path.waypoint(1) == here && path.progress(of: here) == 1)
        for wild: Float in [.nan, .infinity, -.greatestFiniteMagnitude] {
            let odd = AffectPath(start: AffectPoint(valence: wild, arousal: 0), goal: here)
            #expect((2...6).contains(odd.steps) && (0...1).contains(odd.progress(of: here)))
            #expect((0...1).contains(path.progress(of: AffectPoint(valence: wild, arousal: wild))))
        }
    }

    @Test(arguments: Goal.allCases)
    func goalsLieInsideAffectSpaceAndAreNotSad(_ goal: Goal) {
        #expect(abs(goal.destination.arousal) <= 1 && (0...1).contains(goal.destination.valence))
    }
}
