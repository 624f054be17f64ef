import AffettoCore
import AffettoLearning
import Testing

@Suite struct ModelPackTests {
    private func pack() throws -> [UInt8] {
        var writer = ModelPackWriter(
            task: "toy", revision: 3, labels: ["a", "b"], corpora: ["c/train"], settings: ["t": 1.5])
        writer.add("w", [1, -2, 3.5, 4, 5, 6] as [Float], shape: [2, 3])
        writer.add("q", [-128, 0, 127] as [Int8], shape: [3])
        return try writer.bytes()
    }

    @Test func readsBackWhatWasWritten() throws {
        let pack = try ModelPack(copying: pack())
        #expect(pack.header.task == "toy" && pack.header.labels == ["a", "b"] && pack.header.corpora == ["c/train"])
        #expect(Array(try pack.floats("w", shape: [2, 3])) == [1, -2, 3.5, 4, 5, 6])
        #expect(Array(try pack.bytes("q", shape: [3])) == [-128, 0, 127])
        #expect(try pack.setting("t") == 1.5)
    }

    @Test func wrongNameShapeOrTypeIsRefused() throws {
        let pack = try ModelPack(copying: pack())
        #expect(throws: AffettoError.self) { try pack.floats("w", shape: [3, 2]) }
        #expect(throws: AffettoError.self) { try pack.bytes("w", shape: [2, 3]) }
        #expect(throws: AffettoError.self) { try pack.floats("nope", shape: [1]) }
        #expect(throws: AffettoError.self) { try pack.setting("nope") }
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try pack()
        for count in 0..<bytes.count {
            #expect(throws: AffettoError.self) { try ModelPack(copying: Array(bytes.prefix(count))) }
        }
    }

    @Test func everyFlippedBitIsRefused() throws {
        let bytes = try pack()
        for at in 0..<bytes.count {
            var damaged = bytes
            damaged[at] ^= 1 << UInt8(at % 8)
            #expect(throws: AffettoError.self, "byte \(at)") { try ModelPack(copying: damaged) }
        }
    }

    @Test func aNewerFormatIsNamed() throws {
        var bytes = try pack()
        bytes[8] = 2
        #expect { try ModelPack(copying: bytes) } throws: { ($0 as? AffettoError)?.code == .modelVersion }
    }
}

@Suite struct NetworkTests {
    /// Two parabolas, one above the other, that no line parts.
    private func parabolas(_ n: Int, seed: UInt64) -> [TrainingRow] {
        var random = SeededRandom(seed: seed)
        return (0..<n).map { i in
            let side = i % 2
            let x = Float(random.uniform() * 2 - 1)
            let y = x * x * 2 + (side == 0 ? -0.3 : 0.3) + Float(random.normal()) * 0.08
            return TrainingRow(features: [x * 10, y * 0.1], classes: side == 0 ? [1, 0] : [0, 1], dimensions: [x, .nan])
        }
    }

    @Test func learnsWhatNoLineCanPart() {
        var trainer = NetworkTrainer()
        trainer.hidden = [16]
        trainer.epochs = 60
        trainer.rate = 0.01
        trainer.decay = 0
        let network = trainer.train(parabolas(600, seed: 1))
        let test = parabolas(400, seed: 2)
        let right = test.count { row in
            let y = network.run(row.features)
            return (y[0] > y[1]) == (row.classes[0] == 1)
        }
        #expect(right > 380)
        let r = Metrics.pearson(test.map { network.run($0.features)[2] }, test.map { $0.dimensions[0] })
        #expect(r > 0.95)
    }

    @Test func sameSeedSameWeights() throws {
        var trainer = NetworkTrainer()
        trainer.hidden = [8]
        trainer.epochs = 5
        trainer.dropout = 0.2
        trainer.inputNoise = 0.1
        let rows = parabolas(100, seed: 3)
        #expect(trainer.train(rows).run([1, 0.1]) == trainer.train(rows).run([1, 0.1]))
    }

    @Test func missingAndWildInputsStayFinite() {
        let network = NetworkTrainer().train(parabolas(50, seed: 4))
        let wild: [[Float]] = [[.nan, .nan], [Float.infinity, -Float.infinity], [1e30, -1e30]]
        for x in wild {
            let y = network.run(x)
            #expect(y.allSatisfy { $0.isFinite })
        }
        #expect(network.run([1]).allSatisfy { $0 == 0 })
    }

    @Test func survivesThePack() throws {
        var trainer = NetworkTrainer()
        trainer.hidden = [4]
        let network = trainer.train(parabolas(60, seed: 5))
        var writer = ModelPackWriter(task: "t", revision: 1, labels: [], corpora: [], settings: ["n.layers": 2])
        network.write(to: &writer, prefix: "n")
        let back = try Network(pack: ModelPack(copying: writer.bytes()), prefix: "n")
        #expect(back.run([3, 0.02]) == network.run([3, 0.02]))
    }
}

@Suite struct MetricsTests {
    @Test func byHand() {
        let recall = Metrics.uar(truth: [0, 0, 0, 1], guess: [0, 0, 1, 1], classes: 2)
        #expect(abs(recall - 5.0 / 6) < 1e-12)
        let f1 = Metrics.macroF1(truth: [0, 0, 1, 1], guess: [0, 1, 1, 1], classes: 2)
        #expect(abs(f1 - 11.0 / 15) < 1e-12)
        let ece = Metrics.ece(confidence: [0.95, 0.95, 0.55, 0.55], correct: [true, true, true, false])
        #expect(abs(ece - 0.05) < 1e-6)
        #expect(abs(Metrics.pearson([1, 2, 3], [2, 4, 6]) - 1) < 1e-12)
    }

    @Test func intervalsCoverTheTruthAboutAsOftenAsTheySay() {
        var random = SeededRandom(seed: 9)
        var covered = 0
        for draw in 0..<100 {
            let hits = (0..<60).map { _ in random.uniform() < 0.7 }
            let interval = Metrics.interval(groups: hits.indices.map(String.init), draws: 200, seed: UInt64(draw)) { rows in
                Double(rows.count { hits[$0] }) / Double(rows.count)
            }
            if interval.low <= 0.7, 0.7 <= interval.high { covered += 1 }
        }
        #expect(covered >= 87 && covered <= 100)
    }
}

@Suite struct CalibrationTests {
    @Test func findsTheTemperatureThatMadeTheLogits() {
        var random = SeededRandom(seed: 11)
        var logits: [[Float]] = []
        var truth: [Int] = []
        for _ in 0..<4000 {
            let z = (0..<3).map { _ in Float(random.normal()) }
            let p = softmax(z)
            var u = Float(random.uniform())
            truth.append(p.firstIndex { u -= $0; return u < 0 } ?? 2)
            logits.append(z.map { $0 * 2.5 })
        }
        #expect(abs(Calibration.temperature(logits: logits, truth: truth) - 2.5) < 0.3)
    }
}
