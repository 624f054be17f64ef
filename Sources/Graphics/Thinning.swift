/// Fewer points of the same shape, so that hours of states stay a small picture.
enum Thinning {
    /// At most about `limit` of `items` in their order: the first, the last, and of each stretch between them the one of
    /// least and the one of greatest `value`, so that no peak is lost. Values must be finite.
    static func extremes<Item>(_ items: [Item], limit: Int, value: (Item) -> Float) -> [Item] {
        guard items.count > limit, limit >= 4 else { return items }
        let buckets = (limit - 2) / 2
        let inner = items.count - 2
        var kept = [items[0]]
        for bucket in 0..<buckets {
            let first = 1 + inner * bucket / buckets
            let end = 1 + inner * (bucket + 1) / buckets
            guard first < end else { continue }
            var (low, high) = (first, first)
            for index in first..<end {
                if value(items[index]) < value(items[low]) { low = index }
                if value(items[index]) > value(items[high]) { high = index }
            }
            kept.append(items[min(low, high)])
            if low != high { kept.append(items[max(low, high)]) }
        }
        kept.append(items[items.count - 1])
        return kept
    }

    /// `limit` of `items` at even steps, first and last among them.
    static func even<Item>(_ items: [Item], limit: Int) -> [Item] {
        guard items.count > limit, limit >= 2 else { return items }
        return (0..<limit).map { items[$0 * (items.count - 1) / (limit - 1)] }
    }
}
