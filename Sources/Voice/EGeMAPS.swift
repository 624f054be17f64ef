/// The 88 functionals of eGeMAPSv02 (Eyben et al. 2016), in their usual order.
public enum EGeMAPS {
    public static let count = 88

    /// One functional: which contour it describes, how, and in what unit.
    public struct Functional: Sendable {
        public var name: String
        public var unit: String
        var source: Source
    }

    /// Where the accumulator finds a functional.
    enum Source: Sendable {
        case mean(FrameSet, VoiceDescriptor)
        /// Standard deviation over mean.
        case variation(FrameSet, VoiceDescriptor)
        /// One of the eight shape numbers of pitch or loudness.
        case shape(VoiceDescriptor, ContourShape)
        case loudnessPeaksPerSecond
        case segment(SegmentFigure)
        case equivalentLevel
    }

    /// Which frames a mean is taken over.
    enum FrameSet: Int, Sendable { case all, voiced, unvoiced }
    enum ContourShape: Int, Sendable {
        case percentile20, percentile50, percentile80, range, risingMean, risingSd, fallingMean, fallingSd
    }
    enum SegmentFigure: Sendable { case rate, voicedMean, voicedSd, unvoicedMean, unvoicedSd }

    public static let functionals: [Functional] = build()
    public static let names: [String] = functionals.map(\.name)
    static let sources: [Source] = functionals.map(\.source)

    private static func build() -> [Functional] {
        var list: [Functional] = []
        func both(_ set: FrameSet, _ d: VoiceDescriptor, _ contour: String) {
            list.append(Functional(name: contour + "_amean", unit: d.unit, source: .mean(set, d)))
            list.append(Functional(name: contour + "_stddevNorm", unit: "ratio", source: .variation(set, d)))
        }
        func shape(_ d: VoiceDescriptor, _ contour: String) {
            both(.all, d, contour)
            let names = [
                "percentile20.0", "percentile50.0", "percentile80.0", "pctlrange0-2", "meanRisingSlope",
                "stddevRisingSlope", "meanFallingSlope", "stddevFallingSlope",
            ]
            for (i, name) in names.enumerated() {
                guard let figure = ContourShape(rawValue: i) else { continue }
                list.append(
                    Functional(
                        name: "\(contour)_\(name)", unit: i < 4 ? d.unit : d.unit + "/s", source: .shape(d, figure)))
            }
        }
        let mfcc: [VoiceDescriptor] = [.mfcc1, .mfcc2, .mfcc3, .mfcc4]
        let balance: [(VoiceDescriptor, String)] = [
            (.alphaRatio, "alphaRatio"), (.hammarbergIndex, "hammarbergIndex"), (.slope0to500, "slope"),
            (.slope500to1500, "slope"), (.spectralFlux, "spectralFlux"),
        ]
        /// "alphaRatioV", "slopeV0-500": the set's letter stands before the band.
        func contour(_ d: VoiceDescriptor, _ stem: String, _ letter: String) -> String {
            switch d {
            case .slope0to500: "\(stem)\(letter)0-500_sma3nz"
            case .slope500to1500: "\(stem)\(letter)500-1500_sma3nz"
            default: "\(stem)\(letter)_sma3nz"
            }
        }
        shape(.f0semitone, VoiceDescriptor.f0semitone.name)
        shape(.loudness, "loudness_sma3")
        for d in [.spectralFlux] + mfcc { both(.all, d, d.name) }
        for d: VoiceDescriptor in [.jitterLocal, .shimmerLocal, .hnr, .h1h2, .h1a3] { both(.all, d, d.name) }
        for j in 0..<3 {
            for (offset, set) in [(0, FrameSet.voiced), (1, .voiced), (2, .all)] {
                guard let d = VoiceDescriptor(rawValue: VoiceDescriptor.f1frequency.rawValue + 3 * j + offset) else {
                    continue
                }
                both(set, d, d.name)
            }
        }
        for (d, stem) in balance { both(.voiced, d, contour(d, stem, "V")) }
        for d in mfcc { both(.voiced, d, contour(d, d.stem, "V")) }
        for (d, stem) in balance {
            list.append(
                Functional(name: contour(d, stem, "UV") + "_amean", unit: d.unit, source: .mean(.unvoiced, d)))
        }
        list += [
            Functional(name: "loudnessPeaksPerSec", unit: "1/s", source: .loudnessPeaksPerSecond),
            Functional(name: "VoicedSegmentsPerSec", unit: "1/s", source: .segment(.rate)),
            Functional(name: "MeanVoicedSegmentLengthSec", unit: "s", source: .segment(.voicedMean)),
            Functional(name: "StddevVoicedSegmentLengthSec", unit: "s", source: .segment(.voicedSd)),
            Functional(name: "MeanUnvoicedSegmentLength", unit: "s", source: .segment(.unvoicedMean)),
            Functional(name: "StddevUnvoicedSegmentLength", unit: "s", source: .segment(.unvoicedSd)),
            Functional(name: "equivalentSoundLevel_dBp", unit: "dB", source: .equivalentLevel),
        ]
        return list
    }
}
