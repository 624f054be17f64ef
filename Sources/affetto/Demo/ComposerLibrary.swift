extension Composer {
    /// Twenty-one pieces over the four quadrants of valence and arousal, several styles in each.
    static func library() -> [PieceSpec] { calm + lively + sad + tense }

    private static let calm: [PieceSpec] = [
        PieceSpec(
            id: "morning-mist", title: "Morning Mist", style: "ambient", mood: .calm, tempo: 60, tonic: 2,
            scale: .major, progression: [0, 3, 0, 4], level: -29, reverb: (0.45, 4),
            layers: [
                Layer(part: .pad, instrument: .warmPad, centre: 60, level: 0.6),
                Layer(part: .bass("x", walks: false), instrument: .warmPad, centre: 40, level: 0.5),
                Layer(
                    part: .broken("x..x ..x.", order: [3, 4, 5]), instrument: .bell, centre: 66, level: 0.35, pan: 0.3),
            ]),
        PieceSpec(
            id: "paper-lantern", title: "Paper Lantern", style: "piano", mood: .calm, tempo: 66, tonic: 5,
            scale: .major, progression: [0, 5, 3, 4], level: -25, brightness: 0.8, reverb: (0.25, 2),
            layers: [
                Layer(part: .bass("x---", walks: false), instrument: .felt, centre: 43, level: 0.6),
                Layer(
                    part: .broken("xxxxxxxx", order: [0, 1, 2, 3, 2, 1]), instrument: .piano, centre: 58, level: 0.42),
                Layer(part: .melody(["x---x-x-", "x---x---"]), instrument: .piano, centre: 74, level: 0.7, from: 0.2),
            ]),
        PieceSpec(
            id: "slow-tide", title: "Slow Tide", style: "strings", mood: .calm, tempo: 63, tonic: 7, scale: .major,
            beatsPerBar: 3, progression: [0, 4, 5, 3], level: -28, brightness: 0.5, reverb: (0.35, 3),
            layers: [
                Layer(part: .pad, instrument: .strings, centre: 57, level: 0.5),
                Layer(part: .bass("x--", walks: false), instrument: .strings, centre: 41, level: 0.5),
                Layer(part: .melody(["x-x", "x--"]), instrument: .flute, centre: 72, level: 0.5, pan: 0.1, from: 0.2),
            ]),
        PieceSpec(
            id: "window-seat", title: "Window Seat", style: "lofi", mood: .calm, tempo: 76, tonic: 3, scale: .major,
            progression: [0, 3, 0, 4], sevenths: true, swing: 0.12, level: -24, brightness: 1.2, reverb: (0.2, 1.4),
            layers: [
                Layer(part: .chords("x--- .x--"), instrument: .electricPiano, centre: 60, level: 0.5),
                Layer(part: .bass("x--. x-..", walks: false), instrument: .roundBass, centre: 39, level: 0.6),
                Layer(
                    part: .melody(["x-.x x---", "....x-x-"]), instrument: .electricPiano, centre: 72, level: 0.5,
                    pan: 0.2,
                    from: 0.25),
                Layer(
                    part: .drums([(.kick, "x....x.."), (.rim, "..x...x."), (.shaker, "x.x.x.x.")]), level: 0.45,
                    from: 0.12),
            ]),
        PieceSpec(
            id: "meadow-path", title: "Meadow Path", style: "folk", mood: .calm, tempo: 84, tonic: 0, scale: .major,
            beatsPerBar: 3, progression: [0, 3, 0, 4], level: -24, brightness: 1.2, reverb: (0.18, 1.5),
            layers: [
                Layer(part: .bass("x--", walks: true), instrument: .guitar, centre: 43, level: 0.6),
                Layer(
                    part: .broken(".xxxxx", order: [0, 1, 2, 3, 2]), instrument: .guitar, centre: 59, level: 0.4,
                    pan: -0.2),
                Layer(
                    part: .melody(["x-x", "x--"]), instrument: .flute, centre: 74, level: 0.45, pan: 0.2, from: 0.25),
            ]),
        PieceSpec(
            id: "little-box", title: "Little Box", style: "lullaby", mood: .calm, tempo: 72, tonic: 9, scale: .major,
            beatsPerBar: 3, progression: [0, 4, 3, 0], level: -30, brightness: 0.8, reverb: (0.3, 2.2),
            layers: [
                Layer(
                    part: .broken("x.x.x.", order: [0, 2, 1]), instrument: .musicBox, centre: 62, level: 0.4, pan: -0.2),
                Layer(part: .melody(["x-x-x-", "x---x-"]), instrument: .musicBox, centre: 76, level: 0.6, pan: 0.1),
                Layer(part: .pad, instrument: .warmPad, centre: 54, level: 0.25),
            ]),
    ]

    private static let lively: [PieceSpec] = [
        PieceSpec(
            id: "market-day", title: "Market Day", style: "folk", mood: .lively, tempo: 112, tonic: 2, scale: .major,
            progression: [0, 3, 4, 0], level: -19, brightness: 1.2, reverb: (0.12, 1),
            layers: [
                Layer(part: .bass("x.x.x.x.", walks: true), instrument: .roundBass, centre: 41, level: 0.8),
                Layer(part: .chords(".X.x.X.x"), instrument: .guitar, centre: 62, level: 0.6, pan: -0.3),
                Layer(part: .melody(["x.xxx.xx", "xxx.x.x."]), instrument: .guitar, centre: 76, level: 0.9, pan: 0.25),
                Layer(part: .drums([(.kick, "X.x."), (.shaker, "xxxxxxxx"), (.rim, ".x.x")]), level: 0.8, from: 0.1),
            ]),
        PieceSpec(
            id: "pixel-parade", title: "Pixel Parade", style: "chiptune", mood: .lively, tempo: 126, tonic: 0,
            scale: .major, progression: [0, 5, 3, 4], level: -19, brightness: 1.2, reverb: (0.06, 0.6),
            layers: [
                Layer(part: .bass("x.x.x.x.", walks: false), instrument: .square, centre: 42, level: 0.7),
                Layer(
                    part: .broken("xxxxxxxx xxxxxxxx", order: [0, 1, 2, 3]), instrument: .square, centre: 62,
                    level: 0.35,
                    pan: -0.4),
                Layer(part: .melody(["x-xxx-x-", "xxx-x---"]), instrument: .square, centre: 76, level: 0.7, pan: 0.2),
                Layer(part: .drums([(.kick, "X.x."), (.snare, ".X.X"), (.hat, "xxxxxxxx")]), level: 0.7, from: 0.1),
            ]),
        PieceSpec(
            id: "sunny-bars", title: "Sunny Bars", style: "marimba", mood: .lively, tempo: 116, tonic: 7, scale: .major,
            progression: [0, 3, 0, 4], level: -19, brightness: 1.2, reverb: (0.14, 1),
            layers: [
                Layer(part: .bass("X..x..x.", walks: true), instrument: .roundBass, centre: 41, level: 0.8),
                Layer(
                    part: .broken("x.xx.xx. x.xx.xx.", order: [0, 2, 1, 3]), instrument: .marimba, centre: 62,
                    level: 0.6),
                Layer(part: .melody(["x.xx.xx.", "x.x.xx.x"]), instrument: .marimba, centre: 77, level: 0.9, pan: 0.2),
                Layer(part: .drums([(.kick, "X.x."), (.shaker, "xXxXxXxX"), (.rim, "x..x..x.")]), level: 0.7),
            ]),
        PieceSpec(
            id: "rooftop-lights", title: "Rooftop Lights", style: "dance", mood: .lively, tempo: 122, tonic: 9,
            scale: .major, progression: [0, 4, 5, 3], level: -19, brightness: 1.2, reverb: (0.12, 1.2),
            layers: [
                Layer(part: .bass(".x.x.x.x", walks: false), instrument: .growlBass, centre: 43, level: 0.7),
                Layer(part: .chords("X..x..x."), instrument: .saw, centre: 64, level: 0.4),
                Layer(part: .melody(["x-x.x-x.", "x.x-x---"]), instrument: .saw, centre: 77, level: 0.45, from: 0.2),
                Layer(part: .drums([(.kick, "XXXX"), (.snare, ".X.X"), (.hat, ".x.x.x.x")]), level: 0.9),
            ]),
        PieceSpec(
            id: "open-road", title: "Open Road", style: "pop", mood: .lively, tempo: 108, tonic: 4, scale: .major,
            progression: [0, 3, 5, 4], level: -19, brightness: 1.2, reverb: (0.15, 1.2),
            layers: [
                Layer(part: .bass("xxxxxxxx", walks: false), instrument: .roundBass, centre: 41, level: 0.8),
                Layer(part: .chords("X.xxX.xx"), instrument: .piano, centre: 62, level: 0.6, pan: -0.2),
                Layer(
                    part: .melody(["x-x-xx--", "x-xxx---"]), instrument: .brass, centre: 70, level: 0.5, pan: 0.15,
                    from: 0.2),
                Layer(part: .drums([(.kick, "X..x x..."), (.snare, ".X.X"), (.hat, "xxxxxxxx")]), level: 0.8),
            ]),
    ]

    private static let sad: [PieceSpec] = [
        PieceSpec(
            id: "empty-chairs", title: "Empty Chairs", style: "piano", mood: .sad, tempo: 60, tonic: 9, scale: .minor,
            progression: [0, 5, 3, 4], level: -26, brightness: 0.6, reverb: (0.28, 2.4),
            layers: [
                Layer(part: .bass("x---", walks: false), instrument: .felt, centre: 41, level: 0.55),
                Layer(part: .broken("x.x.x.x.", order: [0, 1, 2, 1]), instrument: .felt, centre: 57, level: 0.4),
                Layer(part: .melody(["x---x---", "x-----x-"]), instrument: .piano, centre: 71, level: 0.6, from: 0.15),
            ]),
        PieceSpec(
            id: "grey-harbour", title: "Grey Harbour", style: "strings", mood: .sad, tempo: 60, tonic: 2, scale: .minor,
            progression: [0, 3, 5, 4], level: -28, brightness: 0.4, reverb: (0.4, 3.2),
            layers: [
                Layer(part: .pad, instrument: .strings, centre: 57, level: 0.5),
                Layer(part: .bass("x---", walks: false), instrument: .strings, centre: 40, level: 0.5),
                Layer(
                    part: .melody(["x---x-x-", "x-------"]), instrument: .strings, centre: 69, level: 0.55, from: 0.3),
            ]),
        PieceSpec(
            id: "unsent-letter", title: "Unsent Letter", style: "folk", mood: .sad, tempo: 76, tonic: 4, scale: .minor,
            progression: [0, 3, 0, 4], level: -25, brightness: 1.2, reverb: (0.2, 1.8),
            layers: [
                Layer(part: .bass("x-x-", walks: false), instrument: .guitar, centre: 42, level: 0.5),
                Layer(
                    part: .broken("x.x.x.x.", order: [0, 2, 1, 2]), instrument: .guitar, centre: 57, level: 0.45,
                    pan: -0.15),
                Layer(
                    part: .melody(["x---x---", "x-----x-"]), instrument: .flute, centre: 70, level: 0.4, pan: 0.2,
                    from: 0.25),
            ]),
        PieceSpec(
            id: "rain-loop", title: "Rain Loop", style: "lofi", mood: .sad, tempo: 72, tonic: 0, scale: .minor,
            progression: [0, 5, 0, 3], swing: 0.12, level: -25, brightness: 1.2, reverb: (0.25, 1.8),
            layers: [
                Layer(part: .chords("x---x---"), instrument: .electricPiano, centre: 58, level: 0.5),
                Layer(part: .bass("x--.x-..", walks: false), instrument: .roundBass, centre: 40, level: 0.55),
                Layer(
                    part: .melody(["x---..x-", "x-x-----"]), instrument: .electricPiano, centre: 70, level: 0.45,
                    from: 0.25),
                Layer(part: .drums([(.kick, "x....x.."), (.rim, "..x...x."), (.hat, "x.x.x.x.")]), level: 0.6),
            ]),
        PieceSpec(
            id: "far-signal", title: "Far Signal", style: "ambient", mood: .sad, tempo: 60, tonic: 5, scale: .minor,
            progression: [0, 5, 0, 3], level: -30, reverb: (0.5, 4.5),
            layers: [
                Layer(part: .pad, instrument: .warmPad, centre: 58, level: 0.6),
                Layer(part: .bass("x", walks: false), instrument: .warmPad, centre: 41, level: 0.55),
                Layer(
                    part: .broken("x...x...", order: [4, 3, 5]), instrument: .bell, centre: 60, level: 0.3, pan: -0.3),
            ]),
    ]

    private static let tense: [PieceSpec] = [
        PieceSpec(
            id: "beat-the-clock", title: "Beat the Clock", style: "chiptune", mood: .tense, tempo: 132, tonic: 4,
            scale: .minor, progression: [0, 0, 5, 4], level: -19, brightness: 1.2, reverb: (0.06, 0.6),
            layers: [
                Layer(part: .bass("x.xxx.xx", walks: false), instrument: .square, centre: 41, level: 0.8),
                Layer(
                    part: .broken("xxxxxxxx xxxxxxxx", order: [0, 2, 1, 2]), instrument: .square, centre: 62,
                    level: 0.4,
                    pan: -0.4),
                Layer(part: .melody(["xx.xx.x-", "x-xxx-xx"]), instrument: .square, centre: 75, level: 0.65, pan: 0.2),
                Layer(part: .drums([(.kick, "XxXx"), (.snare, ".X.X"), (.hat, "xxxxxxxx")]), level: 0.8),
            ]),
        PieceSpec(
            id: "iron-steps", title: "Iron Steps", style: "dance", mood: .tense, tempo: 128, tonic: 6, scale: .minor,
            progression: [0, 0, 3, 4], level: -17, brightness: 1.2, reverb: (0.12, 1.4),
            layers: [
                Layer(part: .bass("xx.xxx.x", walks: false), instrument: .growlBass, centre: 40, level: 0.9),
                Layer(part: .chords("X.x..x.."), instrument: .saw, centre: 60, level: 0.45),
                Layer(
                    part: .broken("xxxx xxxx xxxx xxxx", order: [0, 1, 3, 2]), instrument: .saw, centre: 66, level: 0.3),
                Layer(part: .drums([(.kick, "XXXX"), (.snare, ".X.X"), (.hat, "xxxx xxxx xxxx xxxx")]), level: 1),
            ]),
        PieceSpec(
            id: "storm-front", title: "Storm Front", style: "strings", mood: .tense, tempo: 126, tonic: 0,
            scale: .minor, progression: [0, 5, 3, 4], level: -18, brightness: 1.2, reverb: (0.25, 2),
            layers: [
                Layer(part: .chords("XxxxXxxx"), instrument: .spiccato, centre: 60, level: 0.6),
                Layer(part: .bass("X.xxX.xx", walks: false), instrument: .spiccato, centre: 40, level: 0.9),
                Layer(part: .melody(["x-x-xx--", "x---x-x-"]), instrument: .brass, centre: 67, level: 0.55, from: 0.2),
                Layer(part: .drums([(.kick, "X..x X.x."), (.snare, "....x.xx")]), level: 0.7),
            ]),
        PieceSpec(
            id: "night-run", title: "Night Run", style: "electronic", mood: .tense, tempo: 138, tonic: 7, scale: .minor,
            progression: [0, 0, 5, 3], level: -18, brightness: 1.2, reverb: (0.15, 1.4),
            layers: [
                Layer(part: .bass("xxxxxxxx", walks: false), instrument: .growlBass, centre: 42, level: 0.9),
                Layer(part: .pad, instrument: .strings, centre: 62, level: 0.35),
                Layer(part: .melody(["x.x.xx.x", "x-x.x---"]), instrument: .saw, centre: 74, level: 0.5, from: 0.15),
                Layer(part: .drums([(.kick, "X..x..x."), (.snare, ".X.X"), (.hat, "xXxXxXxX")]), level: 1),
            ]),
        PieceSpec(
            id: "red-corridor", title: "Red Corridor", style: "marimba", mood: .tense, tempo: 124, tonic: 11,
            scale: .minor, progression: [0, 0, 3, 4], level: -19, brightness: 1.2, reverb: (0.15, 1.2),
            layers: [
                Layer(
                    part: .broken("XxxxXxxx XxxxXxxx", order: [0, 2, 1, 3]), instrument: .marimba, centre: 59,
                    level: 0.8,
                    pan: -0.2),
                Layer(part: .bass("X.x.X.xx", walks: false), instrument: .growlBass, centre: 40, level: 0.8),
                Layer(part: .melody(["x.xx.xx.", "xx.xx.x."]), instrument: .piano, centre: 72, level: 0.8, pan: 0.2),
                Layer(part: .drums([(.kick, "X.xx"), (.snare, ".X.X"), (.shaker, "xXxXxXxX")]), level: 0.9),
            ]),
    ]
}
