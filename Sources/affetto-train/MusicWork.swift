import AffettoCore
import AffettoLearning
import AffettoMusic
import Foundation

/// Music analysis against what is known of the pieces. Nothing here is trained.
enum MusicWork {
    private static let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    private static let flats = ["Db": 1, "Eb": 3, "Gb": 6, "Ab": 8, "Bb": 10, "Cb": 11]

    static func evaluate(_ data: URL) throws -> Figures {
        let corpora = MusicCorpora(data)
        var figures = Figures()
        var loudness: [(file: URL, lufs: Double)] = []
        if corpora.has("truth") { try rendered(corpora, &figures, &loudness) }
        if corpora.has("real_ccby") { try produced(corpora, &figures, &loudness) }
        if !loudness.isEmpty { compareLoudness(loudness, &figures) }
        if corpora.has("emopia") { try emotions(corpora, &figures) }
        for name in corpora.labelledFolders() { try labelled(corpora, name, &figures) }
        return figures
    }

    /// Scores of known tempo, beats and key.
    private static func rendered(
        _ corpora: MusicCorpora, _ figures: inout Figures, _ loudness: inout [(file: URL, lufs: Double)]
    ) throws {
        let midi = corpora.folder.appendingPathComponent("truth/midi")
        let audio = try corpora.render(midi, as: "truth")
        let table = try corpora.table("truth")
        let (clip, bpm) = (try table.column("clip"), try table.column("bpm"))
        let (key, mode, settled) = (
            try table.column("key"), try table.column("mode"), try table.column("key_truth")
        )
        let heard = MusicCorpora.analyze(MusicCorpora.files(audio, "flac"))
        var (first, second, scores, keys) = ([Bool](), [Bool](), [Double](), [Bool]())
        for row in table.rows {
            let file = audio.appendingPathComponent(row[clip] + ".flac")
            guard let analysis = heard[file], let truth = Double(row[bpm]) else { continue }
            loudness.append((file, Double(analysis.features.loudness)))
            let hit = tempoHit(Double(analysis.features.tempo), truth)
            first.append(hit.exact)
            second.append(hit.octave)
            let beats = midi.appendingPathComponent(row[clip] + ".beats")
            if let text = try? String(contentsOf: beats, encoding: .utf8) {
                let times = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
                scores.append(beatScore(analysis.beats.map(Double.init), times))
            }
            if row[settled] == "score-clean", let tonic = pitchClass(String(row[key])) {
                keys.append(
                    Int(analysis.features.key) == tonic && analysis.features.isMinor == (row[mode] == "minor"))
            }
        }
        share("music.truth.tempo_acc1", first, &figures)
        share("music.truth.tempo_acc2", second, &figures)
        mean("music.truth.beat_f1", scores, &figures)
        share("music.truth.key_clean", keys, &figures)
    }

    /// Produced tracks with the tempo and key of the MIDI files that they were made from. C major without accidentals is
    /// what such files say when nobody has set a key: it does not count.
    private static func produced(
        _ corpora: MusicCorpora, _ figures: inout Figures, _ loudness: inout [(file: URL, lufs: Double)]
    ) throws {
        let table = try corpora.table("real_ccby")
        let (clip, tempo, signature) = (
            try table.column("clip"), try table.column("midi_tempo"), try table.column("midi_keysig")
        )
        let audio = corpora.folder.appendingPathComponent("real_ccby/audio")
        let heard = MusicCorpora.analyze(table.rows.map { audio.appendingPathComponent(String($0[clip])) })
        var (first, second, keys) = ([Bool](), [Bool](), [Bool]())
        for row in table.rows {
            let file = audio.appendingPathComponent(String(row[clip]))
            guard let analysis = heard[file] else { continue }
            loudness.append((file, Double(analysis.features.loudness)))
            if let truth = Double(row[tempo]), truth > 0 {
                let hit = tempoHit(Double(analysis.features.tempo), truth)
                first.append(hit.exact)
                second.append(hit.octave)
            }
            let name = String(row[signature])
            let isMinor = name.hasSuffix("m")
            guard name != "C", let tonic = pitchClass(isMinor ? String(name.dropLast()) : name) else { continue }
            keys.append(Int(analysis.features.key) == tonic && analysis.features.isMinor == isMinor)
        }
        share("music.real.tempo_acc1", first, &figures)
        share("music.real.tempo_acc2", second, &figures)
        share("music.real.key", keys, &figures)
    }

    private static func compareLoudness(_ clips: [(file: URL, lufs: Double)], _ figures: inout Figures) {
        let errors = clips.compactMap { clip in LoudnessPeer.integrated(clip.file).map { abs($0 - clip.lufs) } }
        guard let worst = errors.max() else {
            figures.add("music.loudness_max_error_lu", .nan, note: "ffmpeg is missing")
            return
        }
        figures.add("music.loudness_max_error_lu", worst, note: "against ffmpeg's ebur128, n = \(errors.count)")
    }

    /// Pop piano in four quadrants: the open formula, which no label has shaped. Which half a clip lies in is judged by
    /// the middle of the folder, for the zero of perceived arousal moves with the level at which a collection is
    /// recorded; without that, against 0, under names of their own.
    private static func emotions(_ corpora: MusicCorpora, _ figures: inout Figures) throws {
        let clips = try EmopiaClip.load(corpora)
        for (name, value, truth) in [
            ("arousal", { $0.arousal.mean }, { $0.isLively }), ("valence", { $0.valence.mean }, { $0.isPleasant }),
        ] as [(String, (MusicAnalysis) -> Float, (EmopiaClip) -> Bool)] {
            let values = clips.map { value($0.analysis) }
            let middle = values.sorted()[values.count / 2]
            for (suffix, bar) in [("", middle), ("_at_zero", 0)] {
                let right = zip(clips, values).map { ($1 > bar) == truth($0) }
                figures.add(
                    "music.emopia.\(name)_accuracy\(suffix)", portion(right),
                    Metrics.interval(groups: clips.map(\.song), draws: 200) { picked in
                        portion(picked.map { right[$0] })
                    },
                    n: clips.count)
            }
        }
    }

    /// Any folder with ratings.
    private static func labelled(_ corpora: MusicCorpora, _ name: String, _ figures: inout Figures) throws {
        let table = try corpora.table(name)
        let (file, valence, arousal) = (
            try table.column("file"), try table.column("valence"), try table.column("arousal")
        )
        let folder = corpora.folder.appendingPathComponent(name)
        var midi: URL?
        var rows: [(file: URL, valence: Double, arousal: Double)] = []
        for row in table.rows {
            guard let v = Double(row[valence]), let a = Double(row[arousal]) else { continue }
            var place = folder.appendingPathComponent(String(row[file]))
            if place.pathExtension == "mid" {
                let target = try midi ?? corpora.render(place.deletingLastPathComponent(), as: name)
                midi = target
                place = target.appendingPathComponent(place.deletingPathExtension().lastPathComponent + ".flac")
            } else if !FileManager.default.fileExists(atPath: place.path) {
                place = folder.appendingPathComponent("audio").appendingPathComponent(String(row[file]))
            }
            rows.append((place, v, a))
        }
        let heard = MusicCorpora.analyze(rows.map(\.file))
        let known = rows.compactMap { row in heard[row.file].map { (row, $0) } }
        guard known.count > 2 else { return }
        let groups = known.indices.map(String.init)
        for (dimension, truth, value) in [
            ("valence", known.map { Float($0.0.valence) }, known.map(\.1.valence.mean)),
            ("arousal", known.map { Float($0.0.arousal) }, known.map(\.1.arousal.mean)),
        ] {
            func r(_ picked: [Int]) -> Double { Metrics.pearson(picked.map { truth[$0] }, picked.map { value[$0] }) }
            figures.add(
                "music.\(name).r_\(dimension)", r(Array(known.indices)),
                Metrics.interval(groups: groups, draws: 200, statistic: r), n: known.count)
        }
    }

    // MARK: Measures

    /// Within 4 % of the truth, or of its double, half, triple or third (Gouyon and others 2006).
    static func tempoHit(_ tempo: Double, _ truth: Double) -> (exact: Bool, octave: Bool) {
        func near(_ factor: Double) -> Bool { abs(tempo / (truth * factor) - 1) <= 0.04 }
        return (near(1), [1, 2, 3, 0.5, 1.0 / 3].contains(where: near))
    }

    /// F-measure of beats within 70 ms, the first 5 s left out (Davies and others 2009).
    static func beatScore(_ found: [Double], _ truth: [Double]) -> Double {
        let found = found.filter { $0 >= 5 }
        let truth = truth.filter { $0 >= 5 }
        var (i, j, hits) = (0, 0, 0)
        while i < found.count, j < truth.count {
            if abs(found[i] - truth[j]) <= 0.07 {
                hits += 1
                i += 1
                j += 1
            } else if found[i] < truth[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return found.isEmpty && truth.isEmpty ? 1 : 2 * Double(hits) / Double(found.count + truth.count)
    }

    private static func pitchClass(_ name: String) -> Int? { names.firstIndex(of: name) ?? flats[name] }

    private static func portion(_ hits: [Bool]) -> Double { Double(hits.count { $0 }) / Double(hits.count) }

    private static func share(_ name: String, _ hits: [Bool], _ figures: inout Figures) {
        mean(name, hits.map { $0 ? 1 : 0 }, &figures)
    }

    private static func mean(_ name: String, _ values: [Double], _ figures: inout Figures) {
        guard !values.isEmpty else { return }
        func mean(_ picked: [Int]) -> Double { picked.reduce(0) { $0 + values[$1] } / Double(picked.count) }
        figures.add(
            name, mean(Array(values.indices)),
            Metrics.interval(groups: values.indices.map(String.init), draws: 500, statistic: mean), n: values.count)
    }
}

/// One clip of EMOPIA: its name tells the quadrant and the song.
struct EmopiaClip {
    let song: String
    let quadrant: Int
    let analysis: MusicAnalysis

    var isLively: Bool { quadrant <= 2 }
    var isPleasant: Bool { quadrant == 1 || quadrant == 4 }

    static func load(_ corpora: MusicCorpora) throws -> [EmopiaClip] {
        let audio = try corpora.render(corpora.folder.appendingPathComponent("emopia"), as: "emopia")
        let files = MusicCorpora.files(audio, "flac")
        let heard = MusicCorpora.analyze(files)
        let clips = files.compactMap { file -> EmopiaClip? in
            let parts = file.deletingPathExtension().lastPathComponent.split(separator: "_")
            guard parts.count >= 3, let quadrant = Int(parts[0].dropFirst()), (1...4).contains(quadrant),
                let analysis = heard[file]
            else { return nil }
            return EmopiaClip(
                song: parts.dropFirst().dropLast().joined(separator: "_"), quadrant: quadrant, analysis: analysis)
        }
        guard clips.count > 10 else {
            throw AffettoError(.notFound, "EMOPIA has only \(clips.count) clips to measure on")
        }
        return clips
    }
}
