import Glibc

extension SpeechFeatures {
    /// How fast levels go up and down, in seven groups of bands and over all: power of the level's modulation at 1.5–30 Hz in
    /// windows of 0.64 s, and how it is shared among five ranges.
    func addModulation(_ x: SpeechContours, _ list: inout FeatureList) {
        let groups = [0..<3, 3..<6, 6..<9, 9..<13, 13..<18, 18..<22, 22..<26]
        let contours = groups.map { Self.level(x, bands: $0) } + [x.energy]
        for (g, contour) in contours.enumerated() {
            let top = Contour.percentile(0.95, contour.sorted())
            let power = modulationPower(contour[x.span].map { max($0 - top, -40) })
            let total = power[1..<20].reduce(0, +) + 1e-3
            list.add("mod\(g).tot", log(total))
            for (i, range) in [1..<3, 3..<5, 5..<8, 8..<13, 13..<20].enumerated() {
                list.add("mod\(g).\(i)", log(power[range].reduce(0, +) + 1e-3) - log(total))
            }
        }
    }

    /// Mean power spectrum of 64-frame pieces, 16 frames apart, each without its mean.
    private func modulationPower(_ contour: [Double]) -> [Double] {
        var x = contour
        if let last = x.last, x.count < 64 { x += Array(repeating: last, count: 64 - x.count) }
        var sum = [Double](repeating: 0, count: 33)
        var pieces = 0.0
        for start in stride(from: 0, through: x.count - 64, by: 16) {
            let mean = x[start..<(start + 64)].reduce(0, +) / 64
            for i in 0..<64 { modulation.input[i] = Float(x[start + i] - mean) * hann[i] }
            modulation.forward()
            for bin in 0..<33 {
                let (re, im) = (Double(modulation.spectrum[2 * bin]), Double(modulation.spectrum[2 * bin + 1]))
                sum[bin] += re * re + im * im
            }
            pieces += 1
        }
        return sum.map { $0 / max(pieces, 1) }
    }

    /// What moves together: pitch, level, cepstra and noise in voiced frames; level, cepstra and their changes over the span.
    func addCorrelations(_ x: SpeechContours, _ list: inout FeatureList) {
        var voiced = [Double](repeating: .nan, count: 36)
        if x.voiced.count > 8 {
            voiced = Contour.correlations(
                [x.height.at(x.voiced), x.level.at(x.voiced)] + x.cepstra[..<6].map { $0.at(x.voiced) } + [
                    x.values(.hnr, x.voiced)
                ])
        }
        for (i, r) in voiced.enumerated() { list.add("corV\(i)", r) }
        func within(_ contour: [Double]) -> [Double] { Array(contour[x.span]) }
        let all = Contour.correlations(
            [within(x.level)] + x.cepstra[..<6].map(within) + [within(Contour.delta(x.level))]
                + x.deltas[..<4].map(within))
        for (i, r) in all.enumerated() { list.add("corS\(i)", r) }
    }
}
