/// Lengths of voiced and unvoiced stretches: at least three frames, ended by a gap of two.
struct SegmentCounter {
    struct Figures {
        var voicedCount = 0.0
        var voiced = (mean: 0.0, sd: 0.0)
        var unvoiced = (mean: 0.0, sd: 0.0)
    }

    private var voiced: Runs
    private var unvoiced: Runs

    init(mode: VoiceMode) {
        voiced = Runs(isShort: mode == .compatible)
        unvoiced = Runs(isShort: mode == .compatible)
    }

    mutating func add(isVoiced: Bool) {
        voiced.add(isVoiced)
        unvoiced.add(!isVoiced)
    }

    func figures() -> Figures {
        let (v, u) = (voiced.ended(), unvoiced.ended())
        return Figures(voicedCount: v.count, voiced: v.lengths, unvoiced: u.lengths)
    }

    private struct Runs {
        /// openSMILE counts a run one frame too short.
        let isShort: Bool
        private enum State { case pause, tentative, segment }
        private var state = State.pause
        private var time = 0
        private var start = 0
        private var hits = 0
        private var gap = 0
        private var count = 0.0
        private var sum = 0.0
        private var squares = 0.0

        init(isShort: Bool) { self.isShort = isShort }

        mutating func add(_ isIn: Bool) {
            switch (state, isIn) {
            case (.pause, true):
                state = .tentative
                start = time
                hits = 1
                gap = 0
            case (.tentative, true):
                gap = 0
                hits += 1
                if hits >= 3 { state = .segment }
            case (.segment, true): gap = 0
            case (.pause, false): break
            case (.tentative, false):
                gap += 1
                if gap >= 2 { state = .pause }
            case (.segment, false):
                gap += 1
                if gap >= 2 {
                    note(time - gap - start)
                    state = .pause
                }
            }
            time += 1
        }

        private mutating func note(_ frames: Int) {
            let seconds = Double(isShort ? frames : frames + 1) * VoiceScale.hop
            count += 1
            sum += seconds
            squares += seconds * seconds
        }

        /// As if the signal ended here.
        func ended() -> (count: Double, lengths: (mean: Double, sd: Double)) {
            var copy = self
            if state == .segment { copy.note(time - (gap + 1) - start) }
            guard copy.count > 0 else { return (0, (0, 0)) }
            let mean = copy.sum / copy.count
            let variance = copy.count > 1 ? max(copy.squares / copy.count - mean * mean, 0) : 0
            return (copy.count, (mean, variance.squareRoot()))
        }
    }
}
