import AffettoCore
import CSndfile

/// What a file says of its music, as far as libsndfile reads it (ID3, Vorbis comments, RIFF INFO); empty = nothing.
public struct AudioTags: Sendable, Equatable {
    public var title = ""
    public var artist = ""
    public var genre = ""
    public var copyright = ""
    public var licence = ""

    /// - Throws: as `AudioFile.stream`.
    public init(_ path: String) throws(AffettoError) {
        let file = try SoundFile(reading: path)
        func tag(_ kind: Int32) -> String {
            guard let text = sf_get_string(file.handle, kind) else { return "" }
            // Old tags are often Latin-1: what is not UTF-8 is not guessed at.
            return (String(validatingCString: text) ?? "").filter { !$0.isNewline && $0 != "\u{0}" }
        }
        title = tag(Int32(SF_STR_TITLE))
        artist = tag(Int32(SF_STR_ARTIST))
        genre = tag(Int32(SF_STR_GENRE))
        copyright = tag(Int32(SF_STR_COPYRIGHT))
        licence = tag(Int32(SF_STR_LICENSE))
    }
}
