import AffettoMusic
import ArgumentParser
import Foundation

/// The means and deviations that `PerceivedAffect` and `StyleSpace` hold as constants, measured anew.
struct Scales: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the scales of perceived affect and of the style space on music without labels.",
        discussion: "Over DIR/music/truth (rendered), real_ccby, real_cc0 and librosa_cc; no label of emotion is read.")
    @OptionGroup var options: DataOptions

    func run() throws {
        let corpora = MusicCorpora(try options.folder())
        var files: [URL] = []
        if corpora.has("truth") {
            let midi = corpora.folder.appendingPathComponent("truth/midi")
            files += MusicCorpora.files(try corpora.render(midi, as: "truth"), "flac")
        }
        for name in ["real_ccby/audio", "real_cc0/audio", "librosa_cc"] {
            files += MusicCorpora.files(corpora.folder.appendingPathComponent(name), "ogg")
        }
        let heard = MusicCorpora.analyze(files)
        let all = files.compactMap { heard[$0] }
        print("\(all.count) clips")
        func row(_ name: String, _ values: [Float]) {
            let known = values.filter(\.isFinite).map(Double.init)
            let mean = known.reduce(0, +) / Double(max(known.count, 1))
            let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(known.count - 1, 1))
            print(
                name.padding(toLength: 20, withPad: " ", startingAt: 0),
                String(format: "%.4g, %.4g", mean, variance.squareRoot()))
        }
        print("perceived affect:")
        row("mode", all.map { $0.features.isMinor ? 0 : 1 })
        row("majorness", all.map(\.features.majorness))
        row("key clarity", all.map(\.features.keyClarity))
        row("flux", all.map(\.features.flux))
        row("onset rate", all.map(\.features.onsetRate))
        row("loudness", all.map(\.features.loudness))
        row("brightness", all.map(\.features.brightness))
        print("style space:")
        let places = all.map { StyleSpace.quantities($0.features, mfcc: $0.mfcc, deviation: $0.mfccDeviation) }
        for (i, name) in StyleSpace.names.enumerated() { row(name, places.map { $0[i] }) }
    }
}
