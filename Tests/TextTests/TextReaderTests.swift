import AffettoCore
import AffettoText
import Testing

@Suite struct TextReaderTests {
    /// Sentences about studying that nothing was learned from: far above one in fourteen.
    @Test(arguments: [("en", 0.62, 0.62), ("zh", 0.50, 0.55)])
    func heldOutStudentSentences(_ language: String, _ accuracy: Double, _ needs: Double) throws {
        let rows = try phrases("student-\(language)-held")
        let model = language == "en" ? try reader().english : try reader().chinese
        var right = 0
        var wanted = 0
        for row in rows {
            let said = model.predict(row[2])
            let best = model.emotions.max { said.affect[Int($0.rawValue)] < said.affect[Int($1.rawValue)] }
            if row[0].split(separator: "|").contains(where: { $0 == best?.name ?? "" }) { right += 1 }
            if TextModel.needs.map({ $0 == row[1] }) == said.needs.map({ $0 >= 0.5 }) { wanted += 1 }
        }
        #expect(rows.count >= 160 && Double(right) >= accuracy * Double(rows.count))
        #expect(Double(wanted) >= needs * Double(rows.count))
    }

    /// Where an emotion is named it is mostly right; where nothing was said none is.
    @Test func itNamesWhatItKnows() throws {
        let reader = try reader()
        let rows = try phrases("student-en-held")
        let named = rows.compactMap { row in reader.read(row[2]).emotion.map { ($0, row[0]) } }
        let right = named.count { emotion, meant in meant.split(separator: "|").contains { $0 == emotion.name } }
        #expect(named.count * 10 >= rows.count * 3 && right * 10 >= named.count * 7)
        for text in ["", "…", "мне грустно", "well then that is that now"] { #expect(reader.read(text).emotion == nil) }
    }

    @Test(arguments: [
        ("I finally got it!!", [Emotion.happy, .excited]), ("this homework is killing me", [.frustrated, .tired]),
        ("whatever", [.bored, .frustrated, .neutral]), ("再也不想学了", [.frustrated, .tired, .sad]),
        ("我終於懂了！！", [.happy, .excited]),
        ("not bored at all, this is really interesting", [.engaged, .happy, .excited]),
    ])
    func sayings(_ text: String, _ meant: [Emotion]) throws {
        let affect = try reader().read(text).affect
        let best = Emotion.allCases.filter { !affect[Int($0.rawValue)].isNaN }
            .max { affect[Int($0.rawValue)] < affect[Int($1.rawValue)] }
        #expect(best.map(meant.contains) == true, "\(best?.name ?? "none")")
    }

    @Test func cuesTellAppraisalsApart() throws {
        func read(_ text: String) throws -> TextReading { try reader().read(text) }
        let stuck = try read("I keep getting this wrong. I am stuck")
        let blame = try read("it's unfair, my group did nothing and it's their fault")
        let unsure = try read("I don't know what this means, maybe it is a fraction?")
        #expect(stuck.goalBlocked > stuck.otherToBlame && stuck.goalBlocked > 0.5)
        #expect(blame.otherToBlame > 0.5 && blame.otherToBlame > blame.uncertainty)
        #expect(unsure.uncertainty > 0.5 && unsure.otherToBlame == 0)
        #expect(try read("老师偏心，不公平").otherToBlame > 0.4)
    }

    @Test func lyrics() throws {
        let reader = try reader()
        let dark = reader.readLyrics("I want to die tonight\nnobody loves me\nnobody loves me")
        let light = reader.readLyrics("what a lovely day\nI am so happy")
        #expect(dark.tags == [.suicide] && light.tags.isEmpty && dark.valence.mean < light.valence.mean - 0.2)
        #expect(reader.readLyrics("").quality == 0 && reader.readLyrics("我想你，我爱你").language == .chineseSimplified)
        #expect(reader.readLyrics("点根烟，喝醉了").tags == [.substance])
    }
}

/// Figures on held-out sentences are worth something only while these stand in no other set.
@Test(arguments: ["crisis-en", "crisis-zh", "student-en", "student-zh"])
func heldOutSentencesStandNowhereElse(_ set: String) throws {
    let held = Set(try phrases("\(set)-held").compactMap(\.last).map { $0.lowercased() })
    let others = set.hasPrefix("crisis") ? ["train", "dev"] : ["train"]
    for other in others {
        let shared = try phrases("\(set)-\(other)").compactMap(\.last).filter { held.contains($0.lowercased()) }
        #expect(held.count >= 160 && shared.isEmpty, "\(set)-\(other)")
    }
}
