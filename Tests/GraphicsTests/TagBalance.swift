/// A small XML checker: every tag closed in order, attributes quoted, no stray `<` or `&`. Returns what is wrong.
func faults(inMarkup text: String, voids: Set<String> = []) -> [String] {
    var faults: [String] = []
    var open: [String] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
        checkReferences(in: rest[..<start], &faults)
        rest = rest[rest.index(after: start)...]
        var isQuoted = false
        guard
            let end = rest.firstIndex(where: {
                if $0 == "\"" { isQuoted.toggle() }
                return $0 == ">" && !isQuoted
            })
        else { return faults + ["unclosed tag"] }
        let tag = rest[..<end]
        rest = rest[rest.index(after: end)...]
        if tag.contains("<") { faults.append("< within <\(tag)>") }
        if tag.hasPrefix("!") { continue }
        checkReferences(in: tag, &faults)
        if tag.hasPrefix("/") {
            let name = String(tag.dropFirst())
            if open.popLast() != name { faults.append("unexpected </\(name)>") }
            continue
        }
        let name = String(tag.prefix { $0 != " " && $0 != "/" })
        if name.isEmpty || name.contains(where: { !$0.isLetter && !$0.isNumber }) { faults.append("name '\(name)'") }
        if !tag.hasSuffix("/") && !voids.contains(name) { open.append(name) }
    }
    return faults + open.map { "unclosed <\($0)>" }
}

private func checkReferences(in text: Substring, _ faults: inout [String]) {
    for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
        guard let semicolon = part.firstIndex(of: ";"), part.distance(from: part.startIndex, to: semicolon) <= 5 else {
            faults.append("stray & before '\(part.prefix(12))'")
            continue
        }
    }
}
