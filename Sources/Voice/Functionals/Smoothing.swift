/// Smoothing over three frames: plain means for the spectral descriptors; for those that hang on the pitch, means over
/// the frames that have a value (0 = none), and none where the middle one has none.
enum Smoothing {
    /// - Parameter mask: whether each of the three frames belongs to the set that is asked for; what does not has no
    ///   value. Without it, spectral descriptors are smoothed plainly.
    static func smooth(
        _ before: DescriptorVector, _ here: DescriptorVector, _ after: DescriptorVector, lanes: Range<Int>,
        mask: (Bool, Bool, Bool)? = nil, into out: inout DescriptorVector
    ) {
        let (a, b, c) = mask ?? (true, true, true)
        let plain = mask == nil ? VoiceDescriptor.firstVoiced : 0
        for lane in lanes {
            if lane < plain {
                out[lane] = (before[lane] + here[lane] + after[lane]) / 3
                continue
            }
            let x = a ? before[lane] : 0
            let y = b ? here[lane] : 0
            let z = c ? after[lane] : 0
            let count: Float = (x != 0 ? 1 : 0) + (y != 0 ? 1 : 0) + (z != 0 ? 1 : 0)
            out[lane] = y != 0 ? (x + y + z) / count : 0
        }
    }
}
