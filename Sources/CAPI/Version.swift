import AffettoCore
import AffettoText
import CAffetto

// Header section: version, status, vocabulary.

@_cdecl("affetto_abi_version") @implementation
public func affetto_abi_version() -> UInt32 { UInt32(AFFETTO_ABI_VERSION) }

private let versionText = ConstantText("0.1.0")

@_cdecl("affetto_version") @implementation
public func affetto_version() -> UnsafePointer<CChar>? { versionText.pointer }

private let statusNames: [Int32: ConstantText] = [
    0: "OK", -1: "ERR_ARGUMENT", -2: "ERR_RANGE", -3: "ERR_ENCODING", -4: "ERR_BUFFER_TOO_SMALL", -20: "ERR_STATE",
    -21: "ERR_NOT_FOUND", -22: "ERR_BUSY", -24: "ERR_OVERRUN", -25: "ERR_CLOSED", -40: "ERR_POLICY", -41: "ERR_CONSENT",
    -60: "ERR_STORE", -61: "ERR_STORE_CORRUPT", -62: "ERR_STORE_FULL", -63: "ERR_KEY", -80: "ERR_MODEL",
    -81: "ERR_MODEL_VERSION", -100: "ERR_MEMORY", -101: "ERR_INTERNAL",
].mapValues { ConstantText("AFFETTO_" + $0) }
private let unknownStatus = ConstantText("AFFETTO_ERR_UNKNOWN")

@_cdecl("affetto_status_name") @implementation
public func affetto_status_name(_ status: affetto_status) -> UnsafePointer<CChar>? {
    (statusNames[status.rawValue] ?? unknownStatus).pointer
}

@_cdecl("affetto_last_error_message") @implementation
public func affetto_last_error_message() -> UnsafePointer<CChar>? { LastError.text }

// Each vocabulary's names, made once.
private func names<Word: NamedCode>(_ type: Word.Type) -> [Int32: ConstantText] {
    Dictionary(uniqueKeysWithValues: Word.allCases.map { ($0.rawValue, ConstantText($0.name)) })
}
private let unknownName = ConstantText("unknown")
private let emotionNames = names(Emotion.self)
private let modalityNames = names(DataKind.self)
private let taskNames = names(TaskKind.self)
private let goalNames = names(Goal.self)
private let strategyNames = names(Strategy.self)
private let actionNames = names(Action.self)
private let gateNames = names(Gate.self)
private let abstainNames = names(AbstainReason.self)
private let crisisTierNames = names(CrisisTier.self)
private let languageNames = Dictionary(
    uniqueKeysWithValues: TextLanguage.allCases.map { ($0.rawValue, ConstantText($0.code)) })

@_cdecl("affetto_emotion_name") @implementation
public func affetto_emotion_name(_ emotion: Int32) -> UnsafePointer<CChar>? {
    (emotionNames[emotion] ?? unknownName).pointer
}

@_cdecl("affetto_modality_name") @implementation
public func affetto_modality_name(_ modality: Int32) -> UnsafePointer<CChar>? {
    (modalityNames[modality] ?? unknownName).pointer
}

@_cdecl("affetto_task_name") @implementation
public func affetto_task_name(_ task: Int32) -> UnsafePointer<CChar>? { (taskNames[task] ?? unknownName).pointer }

@_cdecl("affetto_goal_name") @implementation
public func affetto_goal_name(_ goal: Int32) -> UnsafePointer<CChar>? { (goalNames[goal] ?? unknownName).pointer }

@_cdecl("affetto_strategy_name") @implementation
public func affetto_strategy_name(_ strategy: Int32) -> UnsafePointer<CChar>? {
    (strategyNames[strategy] ?? unknownName).pointer
}

@_cdecl("affetto_action_name") @implementation
public func affetto_action_name(_ action: Int32) -> UnsafePointer<CChar>? {
    (actionNames[action] ?? unknownName).pointer
}

@_cdecl("affetto_gate_name") @implementation
public func affetto_gate_name(_ gate: Int32) -> UnsafePointer<CChar>? { (gateNames[gate] ?? unknownName).pointer }

@_cdecl("affetto_abstain_name") @implementation
public func affetto_abstain_name(_ abstain: Int32) -> UnsafePointer<CChar>? {
    (abstainNames[abstain] ?? unknownName).pointer
}

@_cdecl("affetto_language_name") @implementation
public func affetto_language_name(_ language: Int32) -> UnsafePointer<CChar>? {
    (languageNames[language] ?? languageNames[0] ?? unknownName).pointer
}

@_cdecl("affetto_crisis_tier_name") @implementation
public func affetto_crisis_tier_name(_ tier: Int32) -> UnsafePointer<CChar>? {
    (crisisTierNames[tier] ?? unknownName).pointer
}
