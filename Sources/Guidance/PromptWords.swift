import AffettoCore

/// All words that a learner may read in a prompt, as data: a translation is another value of this type.
///
/// Rules for every text: tentative, short, for readers of ten years; no word of diagnosis, no comparison with others,
/// no blame, no advice.
public struct PromptWords: Codable, Sendable, Equatable {
    /// What is said about one emotion.
    public struct Entry: Codable, Sendable, Equatable {
        /// Fills `{feeling}` in `tentative`.
        public var feeling: String
        /// Three to five finer words to choose from.
        public var finer: [String]

        public init(feeling: String, finer: [String]) {
            self.feeling = feeling
            self.finer = finer
        }
    }

    /// BCP 47.
    public var language: String
    /// Names a feeling as a guess; `{feeling}` stands for `Entry.feeling`.
    public var tentative: String
    /// The same with `{source}`, which stands for where the guess comes from.
    public var tentativeWithSource: String
    /// Joins two sources.
    public var and: String
    /// Where a guess comes from, by name of the modality.
    public var source: [String: String]
    /// Asks without naming any feeling.
    public var question: String
    /// Answers to `question` that name no feeling.
    public var answers: [String]
    /// By name of the emotion. An emotion that is absent is better met with silence.
    public var emotion: [String: Entry]
    public var somethingElse: String
    public var ratherNotSay: String
    /// Said when a person should take over; the host adds whom to reach and how.
    public var person: String

    public static let english = PromptWords(
        language: "en",
        tentative: "You might be feeling {feeling}. Does one of these fit?",
        tentativeWithSource: "From {source}, you might be feeling {feeling}. Does one of these fit?",
        and: "and",
        source: [
            Modality.voice.name: "how your voice sounded",
            Modality.face.name: "what the camera picked up",
            Modality.text.name: "what you wrote",
            Modality.activity.name: "how the task went",
            Modality.selfReport.name: "what you told us",
        ],
        question: "How are you feeling right now?",
        answers: ["good", "okay", "not so good"],
        emotion: [
            Emotion.surprised.name: Entry(
                feeling: "surprised", finer: ["curious", "amazed", "startled", "caught off guard"]),
            Emotion.confused.name: Entry(
                feeling: "unsure or a bit lost", finer: ["puzzled", "mixed up", "lost", "curious"]),
            Emotion.bored.name: Entry(
                feeling: "bored or far away", finer: ["bored", "restless", "dreamy", "fed up"]),
            Emotion.tired.name: Entry(
                feeling: "tired or low on energy", finer: ["sleepy", "worn out", "out of energy"]),
            Emotion.sad.name: Entry(
                feeling: "sad or down", finer: ["down", "let down", "lonely", "hurt"]),
            Emotion.anxious.name: Entry(
                feeling: "tense or worried",
                finer: ["tense", "worried", "nervous", "under pressure", "too much at once"]),
            Emotion.frustrated.name: Entry(
                feeling: "stuck or annoyed", finer: ["stuck", "annoyed", "let down", "ready to give up"]),
            Emotion.angry.name: Entry(
                feeling: "angry or upset", finer: ["annoyed", "upset", "angry", "treated unfairly"]),
            Emotion.disgusted.name: Entry(
                feeling: "put off by something", finer: ["put off", "uneasy", "fed up"]),
        ],
        somethingElse: "something else",
        ratherNotSay: "rather not say",
        person: "It may help to talk with someone now. Someone you trust can listen.")

    /// Every text of the table, for reviews and tests.
    public var all: [String] {
        [tentative, tentativeWithSource, and, question, somethingElse, ratherNotSay, person] + answers
            + source.sorted { $0.key < $1.key }.map(\.value)
            + emotion.sorted { $0.key < $1.key }.flatMap { [$0.value.feeling] + $0.value.finer }
    }
}
