import Glibc

extension SpeechFeatures {
    /// Jitter, shimmer, noise, harmonics, formants and periodicity of voiced frames. The third formant's amplitude is left
    /// out: it is H1–A3 with the sign turned.
    func addQuality(_ x: SpeechContours, _ list: inout FeatureList) {
        let table: [(VoiceDescriptor, String)] = [
            (.jitterLocal, "ms5"), (.shimmerLocal, "ms5"), (.hnr, "ms159"), (.h1h2, "ms159"), (.h1a3, "ms159"),
            (.f1frequency, "ms159"), (.f1bandwidth, "ms5"), (.f1amplitude, "ms5"), (.f2frequency, "ms159"),
            (.f2bandwidth, "ms5"), (.f2amplitude, "ms5"), (.f3frequency, "ms159"), (.f3bandwidth, "ms5"),
        ]
        for (d, which) in table {
            // 0 = not measured.
            list.add("q.\(d.stem)", x.values(d, x.voiced).filter { $0 != 0 }, which)
        }
        list.add("q.per", x.voiced.map { Double(x.frames[$0].periodicity) }, "ms1")
        list.add("q.perS", x.speech.map { Double(x.frames[$0].periodicity) }, "ms5")
    }

    /// Alpha ratio, Hammarberg index and slopes, voiced and unvoiced; loudness relative to its mean; flux of the mel
    /// amplitudes relative to their size.
    func addBalance(_ x: SpeechContours, _ list: inout FeatureList) {
        for d: VoiceDescriptor in [.alphaRatio, .hammarbergIndex, .slope0to500, .slope500to1500] {
            list.add("sV.\(d.stem)", x.values(d, x.voiced), "ms159")
            list.add("sU.\(d.stem)", x.values(d, x.unvoiced), "ms5")
        }
        let loudness = x.values(.loudness, x.speech)
        let mean = Contour.mean(loudness) + 1e-9
        list.add("loud", loudness.map { $0 / mean }, "s159k")
        let amplitudes = x.mel.map { $0.map { exp($0 / 2) } }
        let flux = amplitudes.indices.map { i -> Double in
            guard i > 0 else { return 0 }
            var change = 0.0
            var size = 0.0
            for (a, b) in zip(amplitudes[i], amplitudes[i - 1]) {
                change += (a - b) * (a - b)
                size += a * a + b * b
            }
            return (change / size).squareRoot()
        }
        list.add("flux", flux.at(x.speech), "ms159")
        list.add("fluxV", flux.at(x.voiced), "ms")
    }

    /// Mel-frequency cepstral coefficients 1…12, their deltas and the deltas' deltas.
    func addCepstra(_ x: SpeechContours, _ list: inout FeatureList) {
        for n in 0..<12 {
            let (c, d) = (x.cepstra[n], x.deltas[n])
            list.add("cS\(n + 1)", c.at(x.speech), "msk")
            list.add("cV\(n + 1)", c.at(x.voiced), "ms19")
            list.add("cU\(n + 1)", c.at(x.unvoiced), "ms")
            list.add("cd\(n + 1)", Array(d[x.span]), "sk")
            list.add("cdV\(n + 1)", d.at(x.voiced), "s")
            list.add("cdd\(n + 1)", Array(Contour.delta(d)[x.span]), "s")
        }
    }

    /// Mel bands relative to the frame's level; levels of pairs of bands relative to their own; the long-term spectrum of
    /// voiced frames.
    func addBands(_ x: SpeechContours, _ list: inout FeatureList) {
        let k = SpeechContours.decibels
        for band in 0..<SpeechContours.bands {
            func relative(_ i: Int) -> Double { k * x.mel[i][band] - x.energy[i] }
            list.add("mV\(band)", x.voiced.map(relative), "ms")
            list.add("mU\(band)", x.unvoiced.map(relative), "m")
        }
        for pair in 0..<(SpeechContours.bands / 2) {
            let level = Self.level(x, bands: (2 * pair)..<(2 * pair + 2))
            let top = Contour.percentile(0.95, level.sorted())
            list.add("bl\(pair)", x.speech.map { max(level[$0] - top, -40) }, "ms1k")
        }
        let powers = (0..<SpeechContours.bands).map { band in
            Contour.mean(x.voiced.map { exp(x.mel[$0][band]) })
        }
        let total = powers.reduce(0, +)
        for band in 0..<SpeechContours.bands { list.add("lt\(band)", k * log(powers[band] / total)) }
    }

    /// dB over some bands, frame by frame.
    static func level(_ x: SpeechContours, bands: Range<Int>) -> [Double] {
        x.mel.map { SpeechContours.decibels * log($0[bands].reduce(0) { $0 + exp($1) }) }
    }
}
