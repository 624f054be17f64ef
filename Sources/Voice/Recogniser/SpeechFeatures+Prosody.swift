import Glibc

extension SpeechFeatures {
    /// Pitch in semitones over the voiced frames of speech: 22 numbers.
    func addPitch(_ x: SpeechContours, _ list: inout FeatureList) {
        let v = x.height.at(x.voiced)
        let t = x.voiced.map { Double($0) / 100 }
        list.add("f0", v, "ms159rk")
        list.add("f0.slope", Contour.slope(t, v))
        let slopes = x.segments.map { Contour.slope($0.map { Double($0) / 100 }, Array(x.height[$0])) }
        let weights = x.segments.map { Double($0.count) }
        let total = weights.reduce(0, +)
        func weighted(_ values: [Double]) -> Double {
            values.isEmpty ? .nan : zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
        }
        let mean = weighted(slopes)
        list.add("f0.segslope.mean", mean)
        list.add("f0.segslope.sd", weighted(slopes.map { ($0 - mean) * ($0 - mean) }).squareRoot())
        list.add("f0.segabs", weighted(slopes.map(abs)))
        let changes = x.segments.flatMap { Contour.delta(Array(x.height[$0])) }
        list.add("f0.d", changes.map(abs), "m59")
        list.add("f0.d.rise", changes.isEmpty ? .nan : Double(changes.count { $0 > 0 }) / Double(changes.count))
        let half = v.count / 2
        list.add("f0.half", half > 2 ? Contour.mean(Array(v[half...])) - Contour.mean(Array(v[..<half])) : .nan)
        let middle = Contour.percentile(0.5, v.sorted())
        for i in 0..<3 { list.add("f0.third\(i)", Contour.mean(Contour.part(v, i, of: 3)) - middle) }
        let highest = v.indices.max { v[$0] < v[$1] }
        list.add("f0.maxpos", highest.map { Double($0) / Double(v.count) } ?? .nan)
        list.add(
            "f0.segrange",
            Contour.mean(x.segments.map { (x.height[$0].max() ?? 0) - (x.height[$0].min() ?? 0) }))
    }

    /// Level in dB relative to its own 95th percentile: 25 numbers.
    func addLevel(_ x: SpeechContours, _ list: inout FeatureList) {
        let inSpeech = x.level.at(x.speech)
        let inVoiced = x.level.at(x.voiced)
        list.add("lev", inSpeech, "ms159k")
        list.add("levV", inVoiced, "ms159k")
        let changes = Array(Contour.delta(x.level)[x.span])
        list.add("lev.d", changes, "s19")
        list.add("lev.dabs", changes.map(abs), "m")
        list.add("lev.slope", Contour.slope(x.span.map { Double($0) / 100 }, Array(x.level[x.span])))
        list.add("levV.slope", Contour.slope(x.voiced.map { Double($0) / 100 }, inVoiced))
        let mean = Contour.mean(inSpeech)
        for i in 0..<3 { list.add("lev.third\(i)", Contour.mean(Contour.part(inSpeech, i, of: 3)) - mean) }
        let heights = x.height.at(x.voiced)
        let isMeasurable =
            heights.count > 5 && Contour.moments(heights).sd > 1e-6 && Contour.moments(inVoiced).sd > 1e-6
        list.add("lev.f0corr", isMeasurable ? Contour.correlations([inVoiced, heights])[0] : .nan)
    }

    /// Rate, stretches and gaps: 11 numbers.
    func addRhythm(_ x: SpeechContours, _ list: inout FeatureList) {
        let seconds = Double(x.span.count) / 100
        list.add("r.voiced", Double(x.voiced.count) / Double(max(x.speech.count, 1)))
        list.add("r.speech", Double(x.speech.count) / Double(max(x.span.count, 1)))
        let nuclei = Double(Contour.runs(x.frames[x.span].map(\.isNucleus)).count)
        list.add("r.syll", nuclei / seconds)
        list.add("r.syllv", nuclei / max(0.1, Double(x.voiced.count) / 100))
        list.add("r.segs", Double(x.segments.count) / seconds)
        let lengths = x.segments.isEmpty ? [0] : x.segments.map { Double($0.count) / 100 }
        list.add("r.seglen", Contour.mean(lengths))
        list.add("r.seglensd", Contour.moments(lengths).sd)
        list.add("r.segmax", lengths.max() ?? 0)
        let found = Contour.runs(x.isVoiced[x.span].map { !$0 }).map { Double($0.count) / 100 }
        let gaps = found.isEmpty ? [0] : found
        list.add("r.gap", Contour.mean(gaps))
        list.add("r.gapmax", gaps.max() ?? 0)
        list.add("r.gapsd", Contour.moments(gaps).sd)
    }
}
