import AffettoAudioFiles
import AffettoCore
import AffettoVoice
import Foundation

/// Recordings of labelled speech with their features, and those of disturbed copies.
struct VoiceCorpus {
    var name: String
    var samples: [VoiceSample]
    /// Features of the recordings as they are, in noise and through a telephone.
    var clean: [[Float]]
    var noisy: [[Float]]
    var telephone: [[Float]]
    var skipped = 0

    var speakers: [String] { samples.map(\.speaker) }
    var labels: [String] { Set(samples.map(\.label)).sorted() }

    /// What is to be made of each recording.
    struct Wanted {
        /// Augmented copies to learn from.
        var copies = 0
        /// Tests of robustness.
        var disturbed = false
        var seed: UInt64 = 1
    }

    /// Corpora: DIR/labels.csv, DIR/*/labels.csv or DIR/speech/*/labels.csv.
    static func all(_ folder: URL, only: Set<String>? = nil, _ wanted: Wanted) throws -> [VoiceCorpus] {
        let manager = FileManager.default
        func children(_ url: URL) -> [URL] {
            ((try? manager.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? [])
                .sorted { $0.path < $1.path }
        }
        let places = [folder] + children(folder) + children(folder.appendingPathComponent("speech"))
        var out: [VoiceCorpus] = []
        for place in places where manager.fileExists(atPath: place.appendingPathComponent("labels.csv").path) {
            let name = place.lastPathComponent
            guard let table = try? Table(place.appendingPathComponent("labels.csv")), table.columns["emotion"] != nil,
                table.columns["speaker"] != nil, only?.contains(name) ?? true
            else { continue }
            out.append(try read(name, place, table, wanted))
        }
        guard !out.isEmpty else {
            throw AffettoError(
                .notFound, "no speech corpus (labels.csv with file, speaker, emotion) under '\(folder.path)'")
        }
        return out
    }

    private static func read(_ name: String, _ place: URL, _ table: Table, _ wanted: Wanted) throws -> VoiceCorpus {
        let (file, speaker, emotion) = (
            try table.column("file"), try table.column("speaker"), try table.column("emotion")
        )
        let progress = ProgressLine()
        let extractor = SpeechFeatures()
        var corpus = VoiceCorpus(name: name, samples: [], clean: [], noisy: [], telephone: [])
        for (n, row) in table.rows.enumerated() {
            progress.show("\(name): \(n)/\(table.rows.count)")
            let clip = try AudioFile.read(place.appendingPathComponent(String(row[file])).path)
            let mono = stride(from: 0, to: clip.samples.count, by: clip.channels).map { clip.samples[$0] }
            // In emodb's usual copy some classes are cut at 2 s: cut all, or the length gives the label away.
            let x = Array(mono.prefix(Int((name == "emodb" ? 2.0 : 6.0) * clip.rate)))
            func features(_ variant: Augmentation, _ copy: Int) throws -> [Float]? {
                let seed = wanted.seed &* 1_000_003 &+ UInt64(n) &* 101 &+ UInt64(copy)
                var frames: [VoiceFrame] = []
                try variant.apply(x, rate: clip.rate, seed: seed).withUnsafeBufferPointer { samples in
                    try VoiceFeatures.frames(samples, rate: clip.rate, channels: 1) { frames.append($0) }
                }
                return extractor.compute(frames)
            }
            guard let own = try features(.clean, 0) else {
                corpus.skipped += 1
                continue
            }
            var copies = [own]
            // A copy too disturbed to be measured is replaced by the recording itself.
            for copy in 0..<wanted.copies { copies.append(try features(.mixed, copy + 1) ?? own) }
            corpus.samples.append(
                VoiceSample(speaker: String(row[speaker]), label: String(row[emotion]), copies: copies))
            corpus.clean.append(own)
            guard wanted.disturbed else { continue }
            corpus.noisy.append(try features(.noise10, 90) ?? own)
            corpus.telephone.append(try features(.telephone, 91) ?? own)
        }
        progress.clear()
        return corpus
    }
}
