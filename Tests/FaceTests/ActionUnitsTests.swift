import AffettoFace
import Testing

@Suite struct ActionUnitsTests {
    @Test(arguments: [
        ("AU01_r", 1), ("AU1", 1), ("au12", 12), ("AU45_r", 43), ("AU43", 43), ("AU28", 28), ("Au04", 4),
    ])
    func spellings(_ name: String, _ number: Int) throws {
        #expect(ActionUnits.numbers[try #require(ActionUnits.index(of: name))] == number)
    }

    @Test(arguments: ["AU", "AU3", "AU01_c", "AU123", "12", "AU1x", "AU-1", "AU12_r_r", "", "AU１"])
    func whatIsNoIntensity(_ name: String) { #expect(ActionUnits.index(of: name) == nil) }

    @Test func numbersAreInOrderAndOnce() {
        #expect(
            ActionUnits.numbers == ActionUnits.numbers.sorted() && Set(ActionUnits.numbers).count == ActionUnits.count)
        #expect(ActionUnits.count == 23)
    }
}
