/// Everything but loudness and level is heard at this rate, mono.
enum MusicRate {
    static let hertz = 22_050.0
}
