import AffettoCore
import Testing

@Suite struct LabelTableTests {
    @Test func absentClassesAreAbsentNotZero() {
        let l = LabelTable.logLikelihood(labels: ["anger", "joy", "contempt"], probability: [0.5, 0.25, 0.25]) { $0 }
        #expect(l[Int(Emotion.angry.rawValue)] == 0.5)
        #expect(l[Int(Emotion.happy.rawValue)] == 0.25)
        #expect(l[Int(Emotion.bored.rawValue)].isNaN)
        #expect(l.filter { !$0.isNaN }.count == 2)
    }

    @Test func labelsOfOneEmotionAreSummed() {
        let l = LabelTable.logLikelihood(labels: ["joy", "love"], probability: [0.25, 0.5]) { $0 }
        #expect(l[Int(Emotion.happy.rawValue)] == 0.75)
    }
}
