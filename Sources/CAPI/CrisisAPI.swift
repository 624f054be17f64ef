import AffettoCore
import AffettoEngine
import CAffetto

// Header section: session, crisis.

extension affetto_crisis: Sized {
    init(_ report: CrisisReport) {
        self.init()
        struct_size = UInt32(MemoryLayout<Self>.size)
        tier = report.tier.rawValue
        source = report.source.rawValue
        is_acknowledged = report.isAcknowledged ? 1 : 0
        is_escalated = report.isEscalated ? 1 : 0
        time = report.time
        deadline = report.deadline
    }
}

@_cdecl("affetto_crisis_init") @implementation
public func affetto_crisis_init(_ crisis: UnsafeMutablePointer<affetto_crisis>?, _ size: UInt32) {
    initialise(crisis, size, affetto_crisis())
}

/// The host's callbacks as the engine takes them.
func crisisOptions(_ c: affetto_engine_options) throws(AffettoError) -> CrisisOptions {
    var options = CrisisOptions()
    let context = HostContext(pointer: c.crisis_context)
    options.handler = handler(c.crisis, context)
    options.second = handler(c.crisis_second, context)
    if let classify = c.crisis_classifier {
        options.classifier = { text in
            var text = text
            let number = text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { classify(context.pointer, $0.baseAddress, $0.count) }
            }
            // A number that is none of the tiers is a host that wants somebody to look.
            return CrisisTier(rawValue: number) ?? (number > 0 ? .imminent : .none)
        }
    }
    if let resources = try optionalText(c.crisis_resources, "crisis_resources") {
        options.words = try CrisisWords(json: Array(resources.utf8))
    }
    guard (0...86_400).contains(c.crisis_deadline_s) else {
        throw AffettoError(.range, "crisis_deadline_s must be 0…86400")
    }
    if c.crisis_deadline_s > 0 { options.deadline = Double(c.crisis_deadline_s) }
    return options
}

private func handler(
    _ call: affetto_crisis_fn?, _ context: HostContext
) -> (@Sendable (CrisisReport) -> Void)? {
    guard let call else { return nil }
    return { report in
        var crisis = affetto_crisis(report)
        report.learner.withCString { learner in
            report.session.withCString { session in call(context.pointer, learner, session, &crisis) }
        }
    }
}

@_cdecl("affetto_session_crisis") @implementation
public func affetto_session_crisis(
    _ session: OpaquePointer?, _ out_crisis: UnsafeMutablePointer<affetto_crisis>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        let report = try withSession(session) { $0.crisis }
        try write(report.map { affetto_crisis($0) } ?? affetto_crisis(), to: out_crisis, "out_crisis")
    }
}

@_cdecl("affetto_session_acknowledge_crisis") @implementation
public func affetto_session_acknowledge_crisis(_ session: OpaquePointer?, _ now: affetto_time) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in try session.acknowledgeCrisis(at: now) }
    }
}

@_cdecl("affetto_session_resolve_crisis") @implementation
public func affetto_session_resolve_crisis(_ session: OpaquePointer?, _ now: affetto_time) -> affetto_status {
    guarded { () throws(AffettoError) in
        try withSession(session) { session throws(AffettoError) in try session.resolveCrisis(at: now) }
    }
}

@_cdecl("affetto_crisis_check") @implementation
public func affetto_crisis_check(
    _ utf8: UnsafePointer<CChar>?, _ length: Int, _ out_tier: UnsafeMutablePointer<Int32>?
) -> affetto_status {
    guarded { () throws(AffettoError) in
        guard let out_tier else { throw AffettoError(.argument, "out_tier is NULL") }
        out_tier.pointee = try embeddedTextReader().crisis(message(utf8, length)).rawValue
    }
}
