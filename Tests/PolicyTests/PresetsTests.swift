import AffettoCore
import AffettoPolicy
import Testing

@Suite struct PresetsTests {
    @Test func namesAreThoseOfTheHeader() {
        #expect(
            Set(Preset.all.map(\.name)) == [
                "strict", "eu_school", "eu_home", "eu_medical", "us_under13", "us_teen", "us_il_bipa", "uk_school",
                "cn_minor", "cn_under14", "research_irb",
            ])
        for preset in Preset.all { #expect(Preset.named(preset.name) == preset) }
    }

    @Test(arguments: [nil, "", "Strict", "eu-school", "eu_school ", "none", "us_il"])
    func unknownNameIsStrict(_ name: String?) {
        #expect(Preset.named(name) == .strict)
    }

    @Test func strictForbidsWhateverAnyPresetForbids() {
        for preset in Preset.all {
            for modality in DataKind.allCases where preset.rule(for: modality).stance == .forbidden {
                #expect(Preset.strict.rule(for: modality).stance == .forbidden)
            }
        }
    }

    @Test(arguments: Preset.all)
    func everyRuleSaysWhatAndWhy(_ preset: Preset) {
        #expect(preset.version >= 1)
        for modality in DataKind.allCases {
            let rule = preset.rule(for: modality)
            #expect(!rule.text.isEmpty && !rule.text.contains("\n"))
            #expect(!rule.citation.isEmpty)
            #expect(rule.stance != .consent(from: []))
        }
    }
}
