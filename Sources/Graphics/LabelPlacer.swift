/// Finds room for small labels around their points, so that none covers another.
struct LabelPlacer {
    private struct Box {
        var x, y, width, height: Double

        func overlaps(_ other: Box) -> Bool {
            x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
        }
    }

    private let bounds: Box
    private var taken: [Box] = []

    init(x: Double, y: Double, width: Double, height: Double) {
        bounds = Box(x: x, y: y, width: width, height: height)
    }

    /// Keeps labels off a shape of about `radius` at a point.
    mutating func reserve(x: Double, y: Double, radius: Double) {
        taken.append(Box(x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius))
    }

    /// The baseline start of a label of this size near the point, or `nil` where there is no room within two steps.
    mutating func place(x: Double, y: Double, width: Double, height: Double, gap: Double) -> (x: Double, y: Double)? {
        for distance in [gap, gap + 9, gap + 20] {
            for (dx, dy) in [(1.0, 0.0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)] {
                let left = x + dx * distance + (dx < 0 ? -width : dx == 0 ? -width / 2 : 0)
                let top = y + dy * distance + (dy < 0 ? -height : dy == 0 ? -height / 2 : 0)
                let box = Box(x: left, y: top, width: width, height: height)
                guard box.x >= bounds.x, box.x + width <= bounds.x + bounds.width, box.y >= bounds.y,
                    box.y + height <= bounds.y + bounds.height, !taken.contains(where: box.overlaps)
                else { continue }
                taken.append(box)
                return (left, top + height * 0.8)
            }
        }
        return nil
    }
}
