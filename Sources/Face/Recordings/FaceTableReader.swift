import AffettoCore

/// Tables of frames: Live Link Face, OpenFace 2, py-feat, or any other whose header names what it holds.
enum FaceTableReader {
    static func read(_ bytes: [UInt8], _ options: FaceRecording.Options) throws(AffettoError) -> FaceRecording {
        var lines = TableLines(bytes)
        guard lines.next() else { throw AffettoError(.argument, "the file is empty") }
        let columns = try FaceColumns(lines.cells.indices.map { lines.text($0) })
        var rows: [Row] = []
        var isCut = false
        let places = columns.places.sorted()
        while lines.next() {
            guard rows.count < FaceRecording.limit else {
                throw AffettoError(
                    .range, "line \(lines.number): a recording has at most \(FaceRecording.limit) frames")
            }
            do throws(AffettoError) {
                if let lost = try untracked(lines, columns) {
                    rows.append(lost)
                } else {
                    rows.append(try row(lines, columns, places))
                }
            } catch {
                // A recorder that was stopped hard leaves half a line.
                guard lines.isUnfinished, !rows.isEmpty else { throw error }
                isCut = true
                break
            }
        }
        var recording = FaceRecording(format: columns.format, places: places)
        recording.isCut = isCut
        let head = places.indices.filter { FaceFrame.head.contains(places[$0]) }
        if columns.format == .pyFeat { toRadians(&rows, head) }
        var frame = FaceFrame()
        try FaceClock(rows, columns, options).each { row, time throws(AffettoError) in
            frame.clear()
            frame.tracking = row.tracking
            for (i, place) in places.enumerated() { frame.values[place] = row.tracking == 0 ? .nan : row.values[i] }
            do throws(AffettoError) { try frame.check() } catch {
                throw AffettoError(error.code, "line \(row.line): \(error.message)")
            }
            recording.append(frame, at: time)
        }
        return recording
    }

    /// One line.
    struct Row {
        var line: Int
        var tracking: Float = 0
        /// What the table has of a frame, in order of place.
        var values: [Float] = []
        var timecode = ""
        /// Seconds, or the frame's number; not a number where the file has neither.
        var time = Double.nan
        var face = 0
        /// Of the face in the picture.
        var area: Float = 0
    }

    /// Live Link counts no blendshapes while it sees no face, whatever else stands in the line.
    private static func untracked(_ lines: TableLines, _ columns: FaceColumns) throws(AffettoError) -> Row? {
        guard let code = columns.timecode, code < lines.cells.count, let count = columns.blendshapeCount,
            count < lines.cells.count, try lines.value(count) == 0
        else { return nil }
        return Row(line: lines.number, timecode: lines.text(code))
    }

    private static func row(_ lines: TableLines, _ columns: FaceColumns, _ places: [Int]) throws(AffettoError) -> Row {
        guard lines.cells.count >= columns.needed else {
            throw AffettoError(
                .argument, "line \(lines.number) has \(lines.cells.count) cells of \(columns.count)")
        }
        var row = Row(line: lines.number)
        var frame = FaceFrame()
        if let code = columns.timecode { row.timecode = lines.text(code) }
        if let time = columns.time { row.time = try lines.value(time) }
        if let face = columns.face {
            let id = try lines.value(face)
            row.face = id.isNaN ? 0 : Int(max(min(id, 1e9), -1e9))
        }
        for (cell, place, factor) in columns.values {
            let value = Float(try lines.value(cell) * factor)
            // Trackers run a hair, OpenFace's regressors a little, over their ends.
            let isShare = place < FaceFrame.head.lowerBound
            frame.values[place] = isShare && value > -0.2 && value < 1.2 ? min(max(value, 0), 1) : value
        }
        // Presence is less than intensity: half of it.
        for (cell, place) in columns.presences where frame.values[place].isNaN {
            let presence = try lines.value(cell)
            frame.values[place] = presence.isNaN ? .nan : presence > 0.5 ? 0.5 : 0
        }
        for (cell, point) in columns.points {
            frame.values[FaceFrame.points.lowerBound + point] = Float(try lines.value(cell))
        }
        if let box = columns.box {
            let area = try Float(lines.value(box.width) * lines.value(box.height))
            row.area = area.isNaN ? 0 : area
        }
        row.tracking = try tracking(lines, columns, frame)
        row.values = places.map { frame.values[$0] }
        return row
    }

    /// OpenFace's advice: below 0.7 it is lost.
    private static let leastConfidence: Float = 0.7

    private static func tracking(
        _ lines: TableLines, _ columns: FaceColumns, _ frame: FaceFrame
    ) throws(AffettoError) -> Float {
        if let success = columns.success, try lines.value(success) != 1 { return 0 }
        if frame.isEmpty { return 0 }
        guard let confidence = columns.confidence else { return 1 }
        let value = Float(try lines.value(confidence))
        guard value >= 0 else { return 0 }
        if columns.format == .openFace && value < leastConfidence { return 0 }
        return min(value, 1)
    }

    /// py-feat before 0.7 wrote degrees. - Parameter head: places of the angles among a row's values.
    private static func toRadians(_ rows: inout [Row], _ head: [Int]) {
        var widest: Float = 0
        for row in rows where row.tracking > 0 {
            for i in head where !row.values[i].isNaN { widest = max(widest, abs(row.values[i])) }
        }
        guard widest > 3.2 else { return }
        for k in rows.indices where !rows[k].values.isEmpty { for i in head { rows[k].values[i] *= .pi / 180 } }
    }
}

/// When each frame was, and which lines are of one face.
struct FaceClock {
    private let rows: [FaceTableReader.Row]
    private let columns: FaceColumns
    private let options: FaceRecording.Options

    init(_ rows: [FaceTableReader.Row], _ columns: FaceColumns, _ options: FaceRecording.Options) {
        (self.rows, self.columns, self.options) = (rows, columns, options)
    }

    func each(
        _ body: (FaceTableReader.Row, Microseconds) throws(AffettoError) -> Void
    ) throws(AffettoError) {
        let rows = try oneFace()
        if columns.timecode != nil { return try timecodes(rows, body) }
        let rate = options.framesPerSecond ?? 30
        var last = -Double.infinity
        // The time of day, in seconds since 1970, is no time of a recording.
        let start =
            !columns.countsFrames && columns.time != nil && rows.first.map { $0.time > 1e6 } ?? false
            ? rows[0].time : 0
        for (i, row) in rows.enumerated() {
            let time =
                columns.countsFrames ? row.time / rate : columns.time == nil ? Double(i) / rate : row.time - start
            guard time.isFinite, abs(time) < 1e9, time >= last else {
                throw AffettoError(.argument, "line \(row.line): time \(time) after \(last)")
            }
            last = time
            try body(row, Microseconds(seconds: time))
        }
    }

    /// Of several faces one: that of the id found most often; without ids the largest of each picture.
    private func oneFace() throws(AffettoError) -> [FaceTableReader.Row] {
        if columns.face != nil {
            var found: [Int: Int] = [:]
            for row in rows { found[row.face, default: 0] += row.tracking > 0 ? 1 : 0 }
            let most = found.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
            if let face = options.face, found[face] == nil, !rows.isEmpty {
                throw AffettoError(.argument, "the file has no face \(face)")
            }
            return rows.filter { $0.face == options.face ?? most }
        }
        guard columns.box != nil, columns.time != nil else { return rows }
        var out: [FaceTableReader.Row] = []
        for row in rows {
            if let last = out.last, last.time == row.time {
                if row.area > last.area { out[out.count - 1] = row }
            } else {
                out.append(row)
            }
        }
        return out
    }

    /// HH:MM:SS:FF.fff, where FF counts the frames of a rate that the file does not say: the least usual one that has so many.
    private func timecodes(
        _ rows: [FaceTableReader.Row], _ body: (FaceTableReader.Row, Microseconds) throws(AffettoError) -> Void
    ) throws(AffettoError) {
        var codes: [(second: Double, frame: Double)] = []
        var most = 0.0
        for row in rows {
            let parts = row.timecode.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
            guard parts.count == 4, parts[0] < 100, parts[1] < 60, parts[2] < 60, parts[3] < 1000,
                parts.allSatisfy({ $0 >= 0 })
            else {
                throw AffettoError(
                    .argument, "line \(row.line): '\(row.timecode.prefix(40))' is not a timecode HH:MM:SS:FF.fff")
            }
            codes.append((parts[0] * 3600 + parts[1] * 60 + parts[2], parts[3]))
            most = max(most, parts[3].rounded(.down))
        }
        // A recording of less than a second need not show its rate: the app records 60.
        let isShort = Set(codes.map(\.second)).count < 3
        let rate =
            options.framesPerSecond ?? (isShort ? 60 : [24.0, 25, 30, 50, 60, 120, 1000].first { $0 > most } ?? 60)
        guard rate > most else {
            throw AffettoError(.argument, "a timecode has frame \(Int(most)), and \(rate) frames a second were named")
        }
        var (day, last, first) = (0.0, -1.0, Double.nan)
        for (row, code) in zip(rows, codes) {
            var time = day + code.second + code.frame / rate
            if last - time > 43_200 {
                day += 86_400
                time += 86_400
            }
            guard time >= last else {
                throw AffettoError(.argument, "line \(row.line): the timecode runs backwards")
            }
            if first.isNaN { first = time }
            last = time
            try body(row, Microseconds(seconds: time - first))
        }
    }
}
