@preconcurrency import CoreML
import Foundation

/// The network on this device: trains, predicts, is saved.
///
///     let network = try await TrainableNetwork(modelURL: url)
///     for try await progress in network.train(examples, settings: [.epochs: 5]) { … }
///     let probabilities = try await network.predict(pixels)
///     try await network.write(to: otherURL)
actor TrainableNetwork {
    /// Where the compiled model lies now.
    private(set) var modelURL: URL
    private var model: MLModel
    private var run: UpdateRun?

    /// - Parameter modelURL: a model file (.mlmodel), which is compiled here, or a compiled model (.mlmodelc).
    init(modelURL: URL) async throws {
        let isCompiled = modelURL.pathExtension == "mlmodelc"
        let compiled = try await isCompiled ? modelURL : MLModel.compileModel(at: modelURL)
        self.modelURL = compiled
        model = try await MLModel.load(contentsOf: compiled, configuration: MLModelConfiguration())
    }

    /// Trains from the weights as they are, and takes the new ones when the training ends. The stream ends after that.
    /// - Parameter settings: numbers of the training by their keys; those that are missing have the model's own.
    nonisolated func train(
        _ examples: ExampleSet,
        settings: [MLParameterKey: Any] = [:]
    ) -> AsyncThrowingStream<TrainingProgress, Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                do {
                    try await self.update(examples, settings: settings, continuation)
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { termination in
                if case .cancelled = termination {
                    work.cancel()
                }
            }
        }
    }

    /// Stops the training; what its last whole epoch has learned is kept.
    func stop() {
        run?.stop()
    }

    private func update(
        _ examples: ExampleSet,
        settings: [MLParameterKey: Any],
        _ continuation: AsyncThrowingStream<TrainingProgress, Error>.Continuation
    ) async throws {
        guard run == nil else {
            throw NetworkError("Another training is going on. Stop it before you start one.")
        }
        let started = try UpdateRun(modelURL: modelURL, examples: examples, settings: settings)
        run = started
        defer { run = nil }
        var latest: URL?
        for try await progress in started.progress {
            if let trained = progress.trainedModel {
                if let before = latest {
                    try? FileManager.default.removeItem(at: before)
                }
                latest = trained
            }
            continuation.yield(progress)
        }
        if let trained = latest {
            try await replace(with: trained)
        }
    }

    /// Takes the weights of another compiled model of the same network.
    func replace(with compiled: URL) async throws {
        model = try await MLModel.load(contentsOf: compiled, configuration: MLModelConfiguration())
        modelURL = compiled
    }

    /// One number for each class, in the order of the labels.
    /// - Parameter pixels: one image, rows from the top, the channels of a pixel side by side, 0 to 255.
    func predict(_ pixels: Data) throws -> [Float] {
        try Predictions.values(of: model.prediction(from: ExampleFeatures(pixels: pixels)))
    }

    /// The share of examples that the network classifies correctly, from 0 to 1.
    /// - Parameter report: told how many are done.
    func accuracy(on examples: ExampleSet, report: @Sendable (Int) -> Void = { _ in }) throws -> Double {
        let batchSize = 500
        var correct = 0
        for start in stride(from: 0, to: examples.count, by: batchSize) {
            try Task.checkCancellation()
            let end = min(start + batchSize, examples.count)
            try autoreleasepool {
                let batch = ExampleBatch(examples, range: start ..< end, hasTargets: false)
                let answers = try model.predictions(fromBatch: batch)
                for index in 0 ..< answers.count {
                    let values = try Predictions.values(of: answers.features(at: index))
                    if Predictions.best(values) == examples.classIndex(at: start + index) {
                        correct += 1
                    }
                }
            }
            report(end)
        }
        return examples.count == 0 ? 0 : Double(correct) / Double(examples.count)
    }

    /// The numbers of a layer that trains, as they are now: `MLParameterKey.weights.scoped(to: "layer")`, or its biases.
    func numbers(for key: MLParameterKey) throws -> [Float] {
        guard let array = try model.parameterValue(for: key) as? MLMultiArray else {
            throw NetworkError("Core ML does not tell the numbers of \(key).")
        }
        return Predictions.numbers(of: array)
    }

    /// Saves the compiled model (.mlmodelc), which Core ML goes on training from.
    func write(to url: URL) throws {
        guard url.standardizedFileURL != modelURL.standardizedFileURL else { return }
        let files = FileManager.default
        if files.fileExists(atPath: url.path) {
            try files.removeItem(at: url)
        }
        try files.copyItem(at: modelURL, to: url)
    }
}
