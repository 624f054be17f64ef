import AffettoCore

// The presets as data. They may be tightened freely; a rule that is loosened needs a new version and its source.
extension Preset {
    public static let changes = [
        "1: voice, face, text, activity and self-report for nine presets",
        "2: typing rhythm and singing; who may look at one learner; whether music begins by itself; us_il_bipa, cn_under14",
    ]

    /// Every preset, the strictest last.
    public static let all: [Preset] = [
        euSchool, euHome, euMedical, usUnder13, usTeen, usIllinois, ukSchool, cnUnder14, cnMinor, researchIRB, strict,
    ].map { preset in
        var preset = preset
        preset.isForMinors = minors.contains(preset.name)
        return preset
    }

    /// The preset of that name; `nil` and an unknown name are `strict`.
    public static func named(_ name: String?) -> Preset {
        all.first { $0.name == name } ?? strict
    }

    private static let minors: Set<String> = [
        "eu_school", "uk_school", "us_under13", "us_teen", "us_il_bipa", "cn_under14", "cn_minor",
    ]

    /// The default: nothing read off the body, whoever asks for it.
    public static let strict = Preset(
        "strict", version: 2,
        rules: ordinary(gdpr).merging([
            .voice: Rule(.forbidden, "the voice is not read", citation: strictest),
            .face: Rule(.forbidden, "the face is not read", citation: strictest),
            .typingRhythm: Rule(.forbidden, "typing rhythm is not read", citation: strictest),
        ]) { $1 }, view: nobody(strictest))

    public static let euSchool = Preset(
        "eu_school", version: 2,
        rules: ordinary(gdpr).merging([
            .voice: statutory("no inference of emotion from the voice in education; consent does not unlock it"),
            .face: statutory("no inference of emotion from the face in education; consent does not unlock it"),
            .typingRhythm: statutory(
                "no inference of emotion from typing rhythm in education; consent does not unlock it"),
        ]) { $1 }, view: nobody(annex3Learning))

    /// Outside institutions, and only as long as no institution requires it.
    public static let euHome = Preset(
        "eu_home", version: 2,
        rules: ordinary(gdpr).merging(
            optIn(own, "is read only by opt-in of the learner or guardian, who are told so", annex3)
        ) { $1 },
        view: nobody(gdpr), play: .automatic)

    /// The host attests that it is a certified medical device in clinical use.
    public static let euMedical = Preset(
        "eu_medical", version: 2,
        rules: ordinary(gdpr).merging(
            optIn(own + [.clinician], "is read only by opt-in, for medical reasons", medical)
        ) { $1 },
        view: ViewRule([.clinician], "the clinician in charge may look at one learner", citation: medical))

    public static let usUnder13 = Preset(
        "us_under13", version: 2,
        rules: ordinary(coppaFerpa).merging(
            optIn([.guardian], "of a child is read only by verifiable parental consent", coppa)
        ) { $1 }.merging([
            .typingRhythm: Rule(.forbidden, "a child's typing rhythm is not read", citation: coppa)
        ]) { $1 },
        view: ViewRule(
            [.school], "a school official may look at one learner, for the purpose consented to", citation: ferpa))

    public static let usTeen = Preset(
        "us_teen", version: 2,
        rules: ordinary(ferpa).merging(optIn(own, "is read only by opt-in", ferpa)) { $1 }, view: nobody(ferpa))

    /// Illinois: a written release, by its fingerprint, before a voice or face is read.
    public static let usIllinois = Preset(
        "us_il_bipa", version: 2,
        rules: ordinary(ferpa).merging(
            optIn(own, "is read only by written release", bipa, needsEvidence: true)
        ) { $1 }.merging([
            .typingRhythm: Rule(.consent(from: own), "typing rhythm is read only by opt-in", citation: ferpa)
        ]) { $1 }, view: nobody(ferpa))

    public static let ukSchool = Preset(
        "uk_school", version: 2,
        rules: ordinary(ukGDPR).merging([
            .voice: Rule(.forbidden, "no inference of emotion from the voice at school", citation: ico),
            .face: Rule(.forbidden, "no inference of emotion from the face at school", citation: ico),
            .typingRhythm: Rule(.forbidden, "no inference of emotion from typing rhythm at school", citation: ico),
        ]) { $1 }, view: nobody(ukGDPR))

    public static let cnUnder14 = chinese("cn_under14", pipl)
    public static let cnMinor = chinese("cn_minor", piplMinor)

    /// Each consent names, by its fingerprint, the form of the approved protocol, and so the modalities it lists.
    public static let researchIRB = Preset(
        "research_irb", version: 2,
        rules: ordinary(research, needsEvidence: true).merging(
            optIn(own, "is read only by informed consent under an approved protocol", research, needsEvidence: true)
        ) { $1 },
        view: ViewRule(
            [.researcher], "a researcher may look at one learner who consented to research under the protocol",
            citation: research))

    // MARK: Rules that presets share

    private static let own: [GrantorRole] = [.learner, .guardian]

    /// Words, doings, the learner's own report and sung exercises: by consent, whoever's.
    private static func ordinary(_ citation: String, needsEvidence: Bool = false) -> [DataKind: Rule] {
        func rule(_ text: String) -> Rule {
            Rule(.allowed, needsEvidence: needsEvidence, text, citation: citation)
        }
        return [
            .text: rule("words are read by consent and forgotten"),
            .activity: rule("the exercise log is read by consent"),
            .selfReport: rule("the learner's own report is kept by consent"),
            .singing: rule("the pitch of a sung exercise is read by consent, as a skill and not as a feeling"),
        ]
    }

    /// What is read off the body: by the consent of these.
    private static func optIn(
        _ roles: [GrantorRole], _ text: String, _ citation: String, needsEvidence: Bool = false
    ) -> [DataKind: Rule] {
        [.voice: "the voice", .face: "the face", .typingRhythm: "typing rhythm"].mapValues { what in
            Rule(.consent(from: roles), needsEvidence: needsEvidence, "\(what) \(text)", citation: citation)
        }
    }

    private static func chinese(_ name: String, _ citation: String) -> Preset {
        func rule(_ text: String, _ citation: String) -> Rule {
            Rule(.consent(from: [.guardian]), text, citation: citation)
        }
        return Preset(
            name, version: 2,
            rules: [
                .voice: rule("a minor's voice is read only by the guardian's separate consent", citation),
                .face: rule(
                    "a minor's face is read only by the guardian's separate consent, on the device", chinaFace),
                .text: rule("a minor's words are read only by the guardian's consent", citation),
                .activity: rule("a minor's exercise log is read only by the guardian's consent", citation),
                .selfReport: rule("a minor's own report is kept only by the guardian's consent", citation),
                .singing: rule("a minor's singing is read only by the guardian's consent", citation),
                .typingRhythm: Rule(.forbidden, "a minor's typing rhythm is not read", citation: citation),
            ], view: nobody(citation), reminderHours: 2)
    }

    private static func statutory(_ text: String) -> Rule {
        Rule(.forbidden, isStatutory: true, text, citation: article5)
    }

    private static func nobody(_ citation: String) -> ViewRule {
        ViewRule(
            [], "nobody but the learner and the guardian looks at one learner; groups begin at ten", citation: citation)
    }

    // MARK: Citations

    private static let strictest = "Affetto's default; cf. Regulation (EU) 2024/1689, Art. 5(1)(f)"
    private static let article5 = "Regulation (EU) 2024/1689 (AI Act), Art. 5(1)(f), Art. 3(39), recital 44"
    private static let annex3 = "Regulation (EU) 2024/1689 (AI Act), Annex III 1(c), Art. 50(3); GDPR Art. 8, 9(2)(a)"
    private static let annex3Learning = "Regulation (EU) 2024/1689 (AI Act), Annex III 3(b); GDPR Art. 5(1)(b), 5(1)(c)"
    private static let medical =
        "Regulation (EU) 2024/1689 (AI Act), Art. 5(1)(f), medical exception; GDPR Art. 9(2)(a)"
    private static let gdpr = "GDPR Art. 6(1)(a), 8, 9(2)(a)"
    private static let ukGDPR = "UK GDPR Art. 6(1)(a), 8, 9(2)(a)"
    private static let ico = "ICO statement on emotion analysis technologies, October 2022; UK GDPR Art. 9"
    private static let coppa = "COPPA Rule, 16 CFR 312.2 (biometric identifiers), 312.5 (parental consent)"
    private static let coppaFerpa = "COPPA Rule, 16 CFR 312; FERPA, 34 CFR 99"
    private static let ferpa = "FERPA, 34 CFR 99.30, 99.31"
    private static let bipa = "Illinois BIPA, 740 ILCS 14/15(b); FERPA, 34 CFR 99.30"
    private static let pipl = "PIPL (China), Art. 28, 29, 31"
    private static let piplMinor = "PIPL (China), Art. 28, 29; Law on the Protection of Minors"
    private static let chinaFace = "Measures on facial recognition (China), in force 1 June 2025; PIPL Art. 28, 29, 31"
    private static let research = "45 CFR 46.116 (informed consent); the protocol's own approval"
}
