import AffettoCore
import AffettoText
import Testing

@Suite struct CrisisTests {
    private func pack(_ lines: String) throws -> CrisisDetector {
        CrisisDetector(packs: [try PhrasePack(text: "language en\nversion 1\nME = myself|my_self\n\(lines)\n".utf8)])
    }

    @Test func theGrammar() throws {
        let detector = try pack(
            """
            [ideation]
            want|wanna to ?really vanish* ... now
            hurt $ME
            [idiom]
            vanish now please
            [negation]
            not
            """)
        for text in [
            "i want to vanish now", "wanna to really vanishing right about just now", "hurt my self", "HURT MYSELF!",
            "w a n t to vanish now", "want to van1sh now", "wantt to vanish now",
        ] { #expect(detector.tier(text) == .ideation, "\(text)") }
        for text in [
            "want vanish now", "want to vanish one two three four now", "want to vanish. now", "hurt my foot",
            "want to vanish now please", "hurt", "",
        ] { #expect(detector.tier(text) == .none, "\(text)") }
        #expect(detector.tier("not going to hurt myself") == .distress)
        #expect(detector.tier("want to vanish not now") == .none, "nothing passes over a negation")
        let finding = try #require(detector.findings("ok, i HURT my self").first)
        #expect(finding.place == 6..<18 && finding.language == "en")
    }

    @Test(arguments: [
        "version 1\n[ideation]\na", "language en\n[ideation]\na", "language en\nversion 1\nwhat is this\n",
        "language en\nversion 1\n[ideation]\n?a b", "language en\nversion 1\n[ideation]\n$NOBODY",
        "language en\nversion 1\n[ideation]\na*", "language en\nversion 1\n[ideation]\n... a",
        "language en\nversion 1\n[ideation]\n|",
    ])
    func packsThatMakeNoSenseAreRefused(_ text: String) {
        #expect(code { _ = try PhrasePack(text: text.utf8) } == .model)
    }

    @Test(arguments: [
        ("i want to die", CrisisTier.ideation), ("I'm going to kill myself tonight", .imminent),
        ("i wanna d i e", .ideation),
        ("su1cidal again", .ideation), ("I've been cutting myself again", .selfHarm), ("my dad hits me", .abuse),
        ("I feel completely hopeless", .distress), ("i dont want to kill myself", .distress),
        ("I used to cut myself but I'm fine now", .distress), ("i want to die lol", .distress),
        ("我不想活了", .ideation), ("我不想活了，真的", .ideation), ("今晚就去死", .imminent), ("我不會自殺的", .distress),
        ("他們叫我去死", .abuse), ("this homework is killing me", .none), ("笑死我了", .none), ("想死你了", .none),
        ("In Romeo and Juliet they both kill themselves", .none), ("课文里屈原投江自杀", .none),
        ("the song says \"I want to die\" but it is upbeat", .none), ("I cut myself while chopping onions", .none),
    ])
    func tiers(_ text: String, _ tier: CrisisTier) throws {
        #expect(try reader().patterns.tier(text) == tier)
    }

    /// Bars that the shipped detector must not fall below, on sentences that neither patterns nor model were made with.
    @Test(arguments: [("en", 0.75, 0.10), ("zh", 0.75, 0.12)])
    func heldOutPhrases(_ language: String, _ recall: Double, _ alarms: Double) throws {
        let rows = try phrases("crisis-\(language)-held")
        let found = try rows.map { (tier: CrisisTier(name: $0[0]) ?? .none, found: try reader().crisis($0[1])) }
        let grave = found.filter { $0.tier >= .selfHarm }
        let harmless = found.filter { $0.tier == .none }
        #expect(grave.count >= 100 && harmless.count >= 80)
        #expect(Double(grave.count { $0.found > .none }) >= recall * Double(grave.count))
        #expect(Double(harmless.count { $0.found > .none }) <= alarms * Double(harmless.count))
    }

    @Test func longAndOddMessagesAreRead() throws {
        let reader = try reader()
        #expect(reader.crisis(String(repeating: "so ", count: 300_000) + "i want to die") >= .selfHarm)
        #expect(reader.patterns.tier(String(repeating: "i want to die ", count: 70_000)) == .ideation)
        #expect(reader.crisis(String(repeating: "a", count: 1 << 20)) == .none)
        #expect(reader.crisis(String(repeating: "i ", count: 1 << 19)) == .none)
        #expect(reader.crisis("\u{0}\u{FEFF}\u{200D}") == .none)
    }
}
