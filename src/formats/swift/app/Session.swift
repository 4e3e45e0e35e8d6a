import Combine
@preconcurrency import CoreML
import Foundation
import UIKit

/// What the app is doing, and what came of it. Everything slow happens elsewhere: see TrainableNetwork.
@MainActor
final class Session: ObservableObject {
    enum Activity: Equatable {
        case preparing, compiling, idle, training, stopping, testing, writing
    }

    @Published private(set) var activity = Activity.preparing
    /// Images that are ready.
    @Published private(set) var prepared = 0
    @Published private(set) var curve = LossCurve()
    @Published private(set) var startedAt: Date?
    /// Of the last training.
    @Published private(set) var seconds: Double?
    /// Test images that are predicted.
    @Published private(set) var tested = 0
    @Published private(set) var accuracy: Double?
    @Published private(set) var isTrained = false
    /// The trained model, ready to be shared: a .mlmodel, or the compiled model where none could be made.
    @Published private(set) var sharedModel: URL?
    @Published var problem: String?
    @Published private var values: [String: Double] = [:]

    private var hasBegun = false
    private var examples = ExampleFile.Contents()
    private var network: TrainableNetwork?
    private var originalModel: URL?
    private var originalCompiled: URL?

    var trainingCount: Int { examples.training.count }
    var testCount: Int { examples.test.count }
    /// Whether something can be started.
    var isReady: Bool { activity == .idle && network != nil }

    func value(of parameter: Hyperparameter) -> Double {
        values[parameter.id] ?? parameter.standard
    }

    func set(_ value: Double, of parameter: Hyperparameter) {
        values[parameter.id] = parameter.nearest(to: value)
    }

    /// Reads the images, compiles the model, and finds what was trained here before.
    func prepare() async {
        // Every window of the app asks for it.
        guard !hasBegun else { return }
        hasBegun = true
        await attempt {
            let file = try AppFiles.resource("Images", "data")
            let report = self.reporter { $0.prepared = $1 }
            self.examples = try await Task.detached(priority: .userInitiated) {
                try ExampleFile.read(file, report: report)
            }.value
            self.activity = .compiling
            let original = try AppFiles.originalModel()
            let network = try await TrainableNetwork(modelURL: original)
            self.originalModel = original
            self.originalCompiled = await network.modelURL
            let kept = try AppFiles.keptModel()
            if FileManager.default.fileExists(atPath: kept.path) {
                do {
                    try await network.replace(with: kept)
                    self.isTrained = true
                } catch {
                    try? FileManager.default.removeItem(at: kept)
                    self.problem = "The model that was trained here cannot be read any more. The exported one is in its place."
                }
            }
            self.network = network
        }
    }

    /// Trains, tests, and makes the file to share.
    func train() async {
        guard activity == .idle, let network else { return }
        activity = .training
        var growing = LossCurve(batchesInEpoch: batchesInEpoch)
        curve = growing
        accuracy = nil
        sharedModel = nil
        let start = Date()
        startedAt = start
        // A device that falls asleep would stop the training.
        UIApplication.shared.isIdleTimerDisabled = true
        let hasLearned = await attempt {
            let before = await network.modelURL
            for try await progress in network.train(self.examples.training, settings: self.settings) {
                if growing.add(progress) {
                    self.curve = growing
                }
            }
            self.seconds = Date().timeIntervalSince(start)
            guard await network.modelURL != before else {
                throw NetworkError("The training was stopped before its first epoch was over. The model is as it was.")
            }
            self.isTrained = true
            try await network.write(to: try AppFiles.keptModel())
        }
        UIApplication.shared.isIdleTimerDisabled = false
        startedAt = nil
        if hasLearned {
            await test()
        }
        await makeSharedModel()
    }

    /// What was chosen differently from the model's own.
    private var settings: [MLParameterKey: Any] {
        let changed = NetworkSettings.hyperparameters.filter { value(of: $0) != $0.standard }
        return Dictionary(
            changed.map { ($0.key, $0.value(value(of: $0))) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private var batchesInEpoch: Int {
        let size = NetworkSettings.hyperparameters.first { $0.id == "miniBatchSize" }.map { value(of: $0) } ?? 1
        return Int((Double(trainingCount) / max(size, 1)).rounded(.up))
    }

    func stop() async {
        guard activity == .training else { return }
        activity = .stopping
        await network?.stop()
    }

    func test() async {
        guard activity == .idle, let network else { return }
        activity = .testing
        tested = 0
        let report = reporter { $0.tested = $1 }
        await attempt {
            self.accuracy = try await network.accuracy(on: self.examples.test, report: report)
        }
    }

    /// Takes the weights that the app came with.
    func startOver() async {
        guard activity == .idle, let network, let originalCompiled else { return }
        await attempt {
            try await network.replace(with: originalCompiled)
            try? FileManager.default.removeItem(at: try AppFiles.keptModel())
            self.isTrained = false
            self.curve = LossCurve()
            self.accuracy = nil
            self.seconds = nil
            self.sharedModel = nil
        }
    }

    /// One number for each class, or nil where the network is busy or fails.
    func predict(_ pixels: Data) async -> [Float]? {
        try? await network?.predict(pixels)
    }

    /// Makes the file that is shared, where something was trained.
    func makeSharedModel() async {
        guard activity == .idle, isTrained, sharedModel == nil, let network, let originalModel else { return }
        activity = .writing
        await attempt {
            self.sharedModel = try AppFiles.keptModel()
            let url = try AppFiles.sharedModel()
            try await TrainedModelFile.write(
                network, original: originalModel, checkedWith: self.examples.test, to: url
            )
            self.sharedModel = url
        }
    }

    /// Does something, says what went wrong with it, and is idle afterwards.
    /// - Returns: whether it went well.
    @discardableResult
    private func attempt(_ work: @MainActor () async throws -> Void) async -> Bool {
        defer { activity = .idle }
        do {
            try await work()
            return true
        } catch {
            problem = error.localizedDescription
            return false
        }
    }

    /// Takes counts from anywhere.
    private func reporter(
        _ show: @escaping @Sendable @MainActor (Session, Int) -> Void
    ) -> @Sendable (Int) -> Void {
        return { [weak self] count in
            Task { @MainActor [weak self] in
                if let session = self {
                    show(session, count)
                }
            }
        }
    }
}
