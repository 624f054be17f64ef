/// One way of turning samples into frames, in order.
protocol VoiceAnalysis: AnyObject {
    /// Seconds between frames.
    var framePeriod: Double { get }
    /// Takes up to `VoiceScale.maxBlock` samples.
    func push(_ samples: UnsafePointer<Float>, count: Int, to sink: FrameSink)
    /// The signal has ended: what is held comes out.
    func finish(to sink: FrameSink)
    /// Overwrites all that was heard.
    func wipe()
}

/// Where an analysis delivers to. `VoiceFrame.smoothed` is not yet filled.
protocol FrameSink: AnyObject {
    /// The spectral descriptors of the next frame, and its mean square.
    func take(spectral values: DescriptorVector, meanSquare: Float)
    /// A frame that is decided; `counts` = it goes into functionals.
    func take(final frame: VoiceFrame, counts: Bool)
    /// The newest frame, before its pitch is decided.
    func take(provisional frame: VoiceFrame)
    /// No more frames; `following` is what the last one is smoothed with, itself where `nil`.
    func end(following: VoiceFrame?)
}
