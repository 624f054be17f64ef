import AffettoGuidance
import AffettoSelfReport
import Testing

/// What a prompt offers to choose from can be pushed back as it stands.
@Test func everyChoiceOfAPromptIsAWordForAFeeling() {
    let words = PromptWords.english
    for choice in words.emotion.values.flatMap(\.finer) + words.answers {
        #expect(FeelingWords.find(choice) != nil, "\(choice)")
    }
}
