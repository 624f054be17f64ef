import AffettoKernels

/// Smoothing over three frames: plain means for the spectral descriptors; for those that hang on the pitch, means over
/// the frames that have a value (0 = none), and none where the middle one has none.
enum Smoothing {
    static func smooth(
        _ before: DescriptorVector, _ here: DescriptorVector, _ after: DescriptorVector,
        into out: inout DescriptorVector
    ) {
        run(before, here, after, plain: VoiceDescriptor.firstVoiced, &out)
    }

    /// The same within a set of frames: `takes` tells which of the neighbours belong to it, and what does not has no
    /// value. All descriptors are then means over the frames that have one.
    static func smooth(
        _ before: DescriptorVector, _ here: DescriptorVector, _ after: DescriptorVector,
        takes: (before: Bool, after: Bool), into out: inout DescriptorVector
    ) {
        run(takes.before ? before : .zero, here, takes.after ? after : .zero, plain: 0, &out)
    }

    private static func run(
        _ before: DescriptorVector, _ here: DescriptorVector, _ after: DescriptorVector, plain: Int,
        _ out: inout DescriptorVector
    ) {
        withLanes(before) { before in
            withLanes(here) { here in
                withLanes(after) { after in
                    withUnsafeMutableBytes(of: &out) { out in
                        if let out = out.baseAddress?.assumingMemoryBound(to: Float.self) {
                            kernel_smooth(before, here, after, out, plain)
                        }
                    }
                }
            }
        }
    }
}

/// The vector's 32 numbers in memory.
func withLanes(_ vector: DescriptorVector, _ body: (UnsafePointer<Float>) -> Void) {
    withUnsafeBytes(of: vector) { bytes in
        if let lanes = bytes.baseAddress?.assumingMemoryBound(to: Float.self) { body(lanes) }
    }
}
