import AffettoAudioFiles
import AffettoCore
import AffettoEngine
import AffettoVoice
import Foundation
import Testing

/// Recordings of a corpus with labels.csv (file, speaker, sex, emotion), where the user has one.
struct SpeechCorpus {
    struct Clip {
        var path: String
        var speaker: String
        var sex: String
        var emotion: String
    }

    let clips: [Clip]

    init?(_ name: String) {
        guard let root = ProcessInfo.processInfo.environment["AFFETTO_DATA"] else { return nil }
        let folder = "\(root)/speech/\(name)"
        guard let data = FileManager.default.contents(atPath: folder + "/labels.csv") else { return nil }
        let rows = String(decoding: data, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let header = rows.first, let file = header.firstIndex(of: "file"),
            let speaker = header.firstIndex(of: "speaker"),
            let sex = header.firstIndex(of: "sex"), let emotion = header.firstIndex(of: "emotion")
        else { return nil }
        clips = rows.dropFirst().map {
            Clip(path: folder + "/" + $0[file], speaker: $0[speaker], sex: $0[sex], emotion: $0[emotion])
        }
    }
}

private let ravdess = SpeechCorpus("ravdess")

/// The main job on real voices that no model of ours was trained on.
@Suite(.enabled(if: ravdess != nil, "set AFFETTO_DATA to a folder with speech/ravdess to run these"))
struct RealSpeechTests {
    private let corpus: SpeechCorpus

    init() throws { corpus = try #require(ravdess) }

    private func speakers() -> [String: [SpeechCorpus.Clip]] { Dictionary(grouping: corpus.clips, by: \.speaker) }

    private func summary(_ clip: SpeechCorpus.Clip) throws -> VoiceSummary {
        let audio = try AudioFile.read(clip.path)
        return try audio.samples.withUnsafeBufferPointer {
            try VoiceSummary.analyze($0, rate: audio.rate, channels: audio.channels)
        }
    }

    @Test func womenSpeakHigherThanMen() throws {
        var pitch: [String: [Float]] = [:]
        for (_, clips) in speakers() {
            let neutral = clips.filter { $0.emotion == "neutral" }.prefix(3)
            let values = try neutral.map { try summary($0).f0Mean }
            pitch[clips[0].sex, default: []].append(values.reduce(0, +) / Float(values.count))
        }
        let (men, women) = (try #require(pitch["m"]), try #require(pitch["f"]))
        #expect(men.count >= 5 && women.count >= 5)
        let meanMen = men.reduce(0, +) / Float(men.count)
        let meanWomen = women.reduce(0, +) / Float(women.count)
        #expect((85...165).contains(meanMen), "\(meanMen) Hz")
        #expect((165...265).contains(meanWomen), "\(meanWomen) Hz")
        let apart = women.reduce(0) { n, w in n + men.count { $0 < w } }
        #expect(Double(apart) > 0.9 * Double(men.count * women.count))
    }

    @Test func angerIsBrighterThanSadness() throws {
        var brighter = 0
        let speakers = speakers()
        for (_, clips) in speakers {
            func alpha(_ emotion: String) throws -> Float {
                let values = try clips.filter { $0.emotion == emotion }.prefix(4).map { try summary($0).alphaRatio }
                return values.reduce(0, +) / Float(values.count)
            }
            if try alpha(speaks("angry", clips)) > alpha(speaks("sad", clips)) { brighter += 1 }
        }
        #expect(Double(brighter) >= 0.85 * Double(speakers.count), "\(brighter) of \(speakers.count)")
    }

    /// Corpora spell anger and sadness differently.
    private func speaks(_ word: String, _ clips: [SpeechCorpus.Clip]) -> String {
        let words = word == "angry" ? ["angry", "anger"] : ["sad", "sadness"]
        return words.first { w in clips.contains { $0.emotion == w } } ?? word
    }

    /// Through the whole engine: push in blocks, advance, poll.
    private func arousal(_ clips: some Sequence<SpeechCorpus.Clip>, _ engine: Engine, _ learner: String) throws -> Float
    {
        var sum: Float = 0
        var count: Float = 0
        for clip in clips {
            let audio = try AudioFile.read(clip.path)
            var options = SessionOptions()
            options.audioRate = audio.rate
            options.audioChannels = audio.channels
            let session = try engine.startSession(learner: learner, options: options)
            defer { session.end() }
            let block = Int(audio.rate / 10)
            var at = 0
            while at < audio.frames {
                let n = min(block, audio.frames - at)
                try audio.samples.withUnsafeBufferPointer {
                    try session.pushAudio(
                        $0.baseAddress! + at * audio.channels, frames: n,
                        at: Microseconds(seconds: Double(at) / audio.rate))
                }
                at += n
                try session.advance(to: Microseconds(seconds: Double(at) / audio.rate))
            }
            guard try session.state.generation > 0 else { continue }
            sum += try session.state.arousal.mean
            count += 1
        }
        return count > 0 ? sum / count : .nan
    }

    @Test func anAngryVoiceRaisesTheStateMoreThanASadOne() throws {
        let engine = try engine()
        var higher = 0
        var speakersHeard = 0
        for (_, clips) in speakers() {
            let angry = try arousal(clips.filter { $0.emotion == speaks("angry", clips) }.prefix(3), engine, "ana")
            let sad = try arousal(clips.filter { $0.emotion == speaks("sad", clips) }.prefix(3), engine, "ana")
            guard angry.isFinite, sad.isFinite else { continue }
            speakersHeard += 1
            if angry > sad { higher += 1 }
        }
        #expect(speakersHeard >= 12)
        #expect(Double(higher) >= 0.75 * Double(speakersHeard), "\(higher) of \(speakersHeard) speakers")
    }
}
