import AffettoCore

// The presets as data. They may be tightened freely; a rule that is loosened needs a new version and its source.
//
// Changes
//   1  first version of all presets
extension Preset {
    /// Every preset, the strictest last.
    public static let all: [Preset] = [
        euSchool, euHome, euMedical, usUnder13, usTeen, ukSchool, cnMinor, researchIRB, strict,
    ]

    /// The preset of that name; `nil` and an unknown name are `strict`.
    public static func named(_ name: String?) -> Preset {
        all.first { $0.name == name } ?? strict
    }

    /// The default: nothing read off the body, whoever asks for it.
    public static let strict = Preset(
        "strict", version: 1,
        voice: Rule(.forbidden, "the voice is not read", citation: strictest),
        face: Rule(.forbidden, "the face is not read", citation: strictest),
        text: words(gdpr), activity: doings(gdpr), selfReport: report(gdpr))

    public static let euSchool = Preset(
        "eu_school", version: 1,
        voice: Rule(
            .forbidden, "no inference of emotion from the voice in education; consent does not unlock it",
            citation: article5),
        face: Rule(
            .forbidden, "no inference of emotion from the face in education; consent does not unlock it",
            citation: article5),
        text: words(gdpr), activity: doings(gdpr), selfReport: report(gdpr))

    /// Outside institutions, and only as long as no institution requires it.
    public static let euHome = Preset(
        "eu_home", version: 1,
        voice: Rule(
            .consent(from: own), "the voice is read only by opt-in of the learner or guardian, who are told so",
            citation: annex3),
        face: Rule(
            .consent(from: own), "the face is read only by opt-in of the learner or guardian, who are told so",
            citation: annex3),
        text: words(gdpr), activity: doings(gdpr), selfReport: report(gdpr))

    /// The host attests that it is a certified medical device in clinical use.
    public static let euMedical = Preset(
        "eu_medical", version: 1,
        voice: Rule(
            .consent(from: own + [.clinician]), "the voice is read only by opt-in, for medical reasons",
            citation: medical),
        face: Rule(
            .consent(from: own + [.clinician]), "the face is read only by opt-in, for medical reasons",
            citation: medical),
        text: words(gdpr), activity: doings(gdpr), selfReport: report(gdpr))

    public static let usUnder13 = Preset(
        "us_under13", version: 1,
        voice: Rule(
            .consent(from: [.guardian]), "a child's voice is read only by verifiable parental consent",
            citation: coppa),
        face: Rule(
            .consent(from: [.guardian]), "a child's face is read only by verifiable parental consent",
            citation: coppa),
        text: words(coppaFerpa), activity: doings(coppaFerpa), selfReport: report(coppaFerpa))

    public static let usTeen = Preset(
        "us_teen", version: 1,
        voice: Rule(
            .consent(from: own), "the voice is read only by opt-in; in Illinois by written release", citation: bipa),
        face: Rule(
            .consent(from: own), "the face is read only by opt-in; in Illinois by written release", citation: bipa),
        text: words(ferpa), activity: doings(ferpa), selfReport: report(ferpa))

    public static let ukSchool = Preset(
        "uk_school", version: 1,
        voice: Rule(.forbidden, "no inference of emotion from the voice at school", citation: ico),
        face: Rule(.forbidden, "no inference of emotion from the face at school", citation: ico),
        text: words(ukGDPR), activity: doings(ukGDPR), selfReport: report(ukGDPR))

    public static let cnMinor = Preset(
        "cn_minor", version: 1,
        voice: Rule(
            .consent(from: [.guardian]), "a minor's voice is read only by the guardian's separate consent",
            citation: pipl),
        face: Rule(
            .consent(from: [.guardian]),
            "a minor's face is read only by the guardian's separate consent, on the device",
            citation: chinaFace),
        text: Rule(
            .consent(from: [.guardian]), "a minor's words are read only by the guardian's consent", citation: pipl),
        activity: Rule(
            .consent(from: [.guardian]), "a minor's exercise log is read only by the guardian's consent",
            citation: pipl),
        selfReport: Rule(
            .consent(from: [.guardian]), "a minor's own report is kept only by the guardian's consent", citation: pipl))

    /// Each consent names, by its fingerprint, the form of the approved protocol, and so the modalities it lists.
    public static let researchIRB = Preset(
        "research_irb", version: 1,
        voice: Rule(
            .consent(from: own), needsEvidence: true,
            "the voice is read only by informed consent under an approved protocol",
            citation: research),
        face: Rule(
            .consent(from: own), needsEvidence: true,
            "the face is read only by informed consent under an approved protocol",
            citation: research),
        text: Rule(.allowed, needsEvidence: true, "words are read only under an approved protocol", citation: research),
        activity: Rule(
            .allowed, needsEvidence: true, "the exercise log is read only under an approved protocol",
            citation: research),
        selfReport: Rule(
            .allowed, needsEvidence: true, "the learner's own report is kept only under an approved protocol",
            citation: research))

    // MARK: Rules that presets share

    private static let own: [GrantorRole] = [.learner, .guardian]

    private static func words(_ citation: String) -> Rule {
        Rule(.allowed, "words are read by consent and forgotten; typing rhythm is not read", citation: citation)
    }

    private static func doings(_ citation: String) -> Rule {
        Rule(.allowed, "the exercise log is read by consent; typing rhythm is not read", citation: citation)
    }

    private static func report(_ citation: String) -> Rule {
        Rule(.allowed, "the learner's own report is kept by consent", citation: citation)
    }

    // MARK: Citations

    private static let strictest = "Affetto's default; cf. Regulation (EU) 2024/1689, Art. 5(1)(f)"
    private static let article5 = "Regulation (EU) 2024/1689 (AI Act), Art. 5(1)(f), Art. 3(39), recital 44"
    private static let annex3 = "Regulation (EU) 2024/1689 (AI Act), Annex III 1(c), Art. 50(3); GDPR Art. 8, 9(2)(a)"
    private static let medical =
        "Regulation (EU) 2024/1689 (AI Act), Art. 5(1)(f), medical exception; GDPR Art. 9(2)(a)"
    private static let gdpr = "GDPR Art. 6(1)(a), 8, 9(2)(a)"
    private static let ukGDPR = "UK GDPR Art. 6(1)(a), 8, 9(2)(a)"
    private static let ico = "ICO statement on emotion analysis technologies, October 2022; UK GDPR Art. 9"
    private static let coppa = "COPPA Rule, 16 CFR 312.2 (biometric identifiers), 312.5 (parental consent)"
    private static let coppaFerpa = "COPPA Rule, 16 CFR 312; FERPA, 34 CFR 99"
    private static let ferpa = "FERPA, 34 CFR 99.30"
    private static let bipa = "Illinois BIPA, 740 ILCS 14/15(b); FERPA, 34 CFR 99.30"
    private static let pipl = "PIPL (China), Art. 28, 29, 31"
    private static let chinaFace = "Measures on facial recognition (China), in force 1 June 2025; PIPL Art. 28, 29, 31"
    private static let research = "45 CFR 46.116 (informed consent); the protocol's own approval"
}
