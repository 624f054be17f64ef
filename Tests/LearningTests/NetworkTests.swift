import AffettoCore
import AffettoLearning
import Testing

@Suite struct NetworkTests {
    /// Two parabolas, one above the other, that no line parts.
    private func parabolas(_ n: Int, seed: UInt64) -> [TrainingRow] {
        var random = SeededRandom(seed: seed)
        return (0..<n).map { i in
            let side = i % 2
            let x = Float(random.uniform() * 2 - 1)
            let y = x * x * 2 + (side == 0 ? -0.3 : 0.3) + Float(random.normal()) * 0.08
            return TrainingRow(
                features: [x * 10, y * 0.1], classes: side == 0 ? [1, 0] : [0, 1], dimensions: [x, .nan])
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
