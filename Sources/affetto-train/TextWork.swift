import AffettoCore
import AffettoLearning
import AffettoText
import Foundation

/// The text models' train, eval and crossval.
enum TextWork {
    static func train(_ folder: URL, isChinese: Bool, seed: UInt64) throws -> [UInt8] {
        isChinese
            ? try chinese(
                TextCorpora.cped(folder, split: "valid"), TextCorpora.brighter(folder, isChinese: true, split: "train"),
                seed: seed)
            : try english(
                TextCorpora.goEmotions(folder, split: "train"), TextCorpora.emoBank(folder, split: "train"),
                TextCorpora.brighter(folder, isChinese: false, split: "train"), folder, seed: seed)
    }

    // MARK: English

    private static func english(
        _ go: [(text: String, labels: [Int])], _ bank: [(text: String, dimensions: [Float])],
        _ brighter: [(text: String, perceived: [Bool])], _ folder: URL, seed: UInt64
    ) throws -> [UInt8] {
        let progress = ProgressLine()
        defer { progress.clear() }
        let labels = try TextCorpora.goLabels(folder)
        let taxonomies = try TextCorpora.taxonomies(folder)
        let groups = [("ekman", taxonomies.ekman), ("sentiment", taxonomies.sentiment_group)].flatMap { name, map in
            Set(map.values).sorted().map { group in
                (name: "\(name).\(group)", members: labels.indices.filter { map[labels[$0]] == group })
            }
        }
        let training = TextTraining(
            labels: labels, perceivedLabels: TextCorpora.perceived(isChinese: false), groups: groups,
            lexicon: try TextCorpora.lexicon(folder), seed: seed)
        let samples =
            go.map { TextSample(text: $0.text, labels: $0.labels, dimensions: []) }
            + bank.map { TextSample(text: $0.text, labels: [], dimensions: $0.dimensions) }
            + brighter.map { TextSample(text: $0.text, labels: [], dimensions: [], perceived: $0.perceived) }
        let own = try Phrases.ownSamples(isChinese: false) + ordinary(go, labels: labels, isChinese: false)
        return try training.pack(
            samples, own: own,
            corpora: ["goemotions/train", "emobank/train", "brighter/eng/train", "vader/lexicon", "own/en/train"]
        ) { progress.show($0) }
    }

    // MARK: Chinese

    private static func chinese(
        _ cped: [(text: String, label: Int, dimensions: [Float], series: String)],
        _ brighter: [(text: String, perceived: [Bool])], seed: UInt64
    ) throws -> [UInt8] {
        let progress = ProgressLine()
        defer { progress.clear() }
        var training = TextTraining(
            labels: TextCorpora.cpedLabels, perceivedLabels: TextCorpora.perceived(isChinese: true), lexicon: [],
            seed: seed)
        training.isChinese = true
        // Film dialogues say little about comments on the web.
        training.denseWeight = 0.03
        training.perceivedCost = 4
        let samples =
            cped.map { TextSample(text: $0.text, labels: [$0.label], dimensions: $0.dimensions, isChinese: true) }
            + brighter.map {
                TextSample(text: $0.text, labels: [], dimensions: [], perceived: $0.perceived, isChinese: true)
            }
        let own =
            try Phrases.ownSamples(isChinese: true)
            + ordinary(cped.map { ($0.text, [$0.label]) }, labels: TextCorpora.cpedLabels, isChinese: true)
        return try training.pack(
            samples, own: own, corpora: ["cped/valid", "brighter/chn/train", "own/zh/train"]
        ) { progress.show($0) }
    }

    /// Ordinary messages for the third layer: of each of Affetto's emotions that a label means at most 150, and 6000 that only
    /// say that they are not grave.
    private static func ordinary(
        _ rows: [(text: String, labels: [Int])], labels: [String], isChinese: Bool
    ) throws -> [OwnSample] {
        let patterns = try CrisisWork.detector()
        var taken: [Emotion: Int] = [:]
        var out: [OwnSample] = []
        let stride = max(rows.count / 6000, 1)
        for (n, row) in rows.enumerated() {
            var emotions: [Emotion] = []
            if row.labels.count == 1, let emotion = LabelTable.emotion(labels[row.labels[0]]),
                taken[emotion, default: 0] < 150
            {
                taken[emotion, default: 0] += 1
                emotions = [emotion]
            }
            guard n % stride == 0 || !emotions.isEmpty else { continue }
            // What the patterns find among them may be meant.
            let tier: CrisisTier? = patterns.tier(row.text) == .none ? .some(.none) : nil
            out.append(
                OwnSample(text: row.text, emotions: emotions, tier: tier, isOrdinary: true, isChinese: isChinese))
        }
        return out
    }

    // MARK: Figures

    static func evaluate(_ english: ModelPack, _ chinese: ModelPack, _ folder: URL, split: String) throws -> Figures {
        let reader = TextReader(
            english: try TextModel(pack: english), chinese: try TextModel(pack: chinese, isChinese: true),
            patterns: try CrisisWork.detector(), cues: [], lyrics: [])
        var figures = Figures()
        let go = try TextCorpora.goEmotions(folder, split: split)
        try TextFigures.goEmotions(&figures, reader.english, go, TextCorpora.taxonomies(folder))
        TextFigures.emoBank(&figures, reader.english, try TextCorpora.emoBank(folder, split: split))
        TextFigures.brighter(
            &figures, reader.english, try TextCorpora.brighter(folder, isChinese: false, split: split), "eng")
        TextFigures.brighter(
            &figures, reader.chinese, try TextCorpora.brighter(folder, isChinese: true, split: split), "chn")
        try TextFigures.student(&figures, reader)
        try CrisisWork.measure(&figures, reader, ordinary: go.map(\.text))
        figures.add("text.pack_kib", Double(english.byteCount) / 1024)
        figures.add("text.pack_zh_kib", Double(chinese.byteCount) / 1024)
        figures.add("text.seen_in_training", english.header.corpora.contains("goemotions/\(split)"))
        return figures
    }

    /// - Parameter language: "en" or "zh"; `nil` = both.
    static func crossValidate(_ folder: URL, language: String?) throws -> Figures {
        var figures = Figures()
        if language != "zh" { try crossValidateEnglish(&figures, folder) }
        if language != "en" { try crossValidateChinese(&figures, folder) }
        return figures
    }

    /// Two halves of the training texts, the second predicted by a model of the first.
    private static func crossValidateEnglish(_ figures: inout Figures, _ folder: URL) throws {
        func half<Row>(_ rows: [Row], _ side: Int) -> [Row] {
            rows.enumerated().filter { $0.offset % 2 == side }.map(\.element)
        }
        let go = try TextCorpora.goEmotions(folder, split: "train")
        let bank = try TextCorpora.emoBank(folder, split: "train")
        let perceived = try TextCorpora.brighter(folder, isChinese: false, split: "train")
        let model = try TextModel(
            pack: ModelPack(copying: english(half(go, 0), half(bank, 0), half(perceived, 0), folder, seed: 1)))
        try TextFigures.goEmotions(&figures, model, half(go, 1), TextCorpora.taxonomies(folder))
        TextFigures.emoBank(&figures, model, half(bank, 1))
        TextFigures.brighter(&figures, model, half(perceived, 1), "eng")
    }

    /// BRIGHTER in five folds, CPED by series in two.
    private static func crossValidateChinese(_ figures: inout Figures, _ folder: URL) throws {
        let cped = try TextCorpora.cped(folder, split: "valid")
        let series = Set(cped.map(\.series)).sorted()
        let brighter = try TextCorpora.brighter(folder, isChinese: true, split: "train")
        var truth: [[Bool]] = []
        var guess: [[Bool]] = []
        for fold in 0..<5 {
            let kept = brighter.indices.filter { $0 % 5 != fold }.map { brighter[$0] }
            let left = brighter.indices.filter { $0 % 5 == fold }.map { brighter[$0] }
            let half = cped.filter { (series.firstIndex(of: $0.series) ?? 0) % 2 == fold % 2 }
            let model = try TextModel(
                pack: ModelPack(copying: chinese(fold < 2 ? half : cped, kept, seed: 1)), isChinese: true)
            truth += left.map(\.perceived)
            guess += left.map { TextFigures.perceived(model, $0.text) }
            guard fold < 2 else { continue }
            let others = cped.filter { (series.firstIndex(of: $0.series) ?? 0) % 2 != fold % 2 }
            TextFigures.cped(&figures, model, others.map { ($0.text, $0.label) }, "text.cped.half_\(fold + 1)")
        }
        TextFigures.macroF1(&figures, "text.brighter.chn_macro_f1", truth, guess)
    }
}
