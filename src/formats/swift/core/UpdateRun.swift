@preconcurrency import CoreML
import Foundation

/// What a training tells while it runs.
struct TrainingProgress: Sendable {
    enum Event: Sendable {
        case began
        /// The loss of one mini-batch.
        case batch(Int, loss: Double)
        /// The mean loss of one epoch.
        case epoch(loss: Double)
        case finished
    }

    let event: Event
    /// Counts from 0.
    let epoch: Int
    /// The compiled model as it was then, after an epoch and at the end.
    let trainedModel: URL?
}

/// One training by Core ML, as a stream of its progress. Not for keeping the model: see TrainableNetwork.
final class UpdateRun {
    let progress: AsyncThrowingStream<TrainingProgress, Error>
    private let continuation: AsyncThrowingStream<TrainingProgress, Error>.Continuation
    private let task: MLUpdateTask

    /// Starts at once.
    init(modelURL: URL, examples: ExampleSet, settings: [MLParameterKey: Any]) throws {
        var made: AsyncThrowingStream<TrainingProgress, Error>.Continuation!
        progress = AsyncThrowingStream { made = $0 }
        let continuation: AsyncThrowingStream<TrainingProgress, Error>.Continuation = made
        let configuration = MLModelConfiguration()
        configuration.computeUnits = .all
        configuration.parameters = settings
        let handlers = MLUpdateProgressHandlers(
            forEvents: [.trainingBegin, .miniBatchEnd, .epochEnd],
            progressHandler: { context in
                if let report = UpdateRun.report(of: context) {
                    continuation.yield(report)
                }
            },
            completionHandler: { context in
                UpdateRun.finish(context, continuation)
            }
        )
        let task = try MLUpdateTask(
            forModelAt: modelURL,
            trainingData: ExampleBatch(examples, range: 0 ..< examples.count, hasTargets: true),
            configuration: configuration,
            progressHandlers: handlers
        )
        continuation.onTermination = { termination in
            if case .cancelled = termination {
                task.cancel()
            }
        }
        self.continuation = continuation
        self.task = task
        task.resume()
    }

    /// Ends the stream. What the last whole epoch has learned was told by then.
    func stop() {
        // In this order: cancelling calls the completion handler, whose error would end the stream in its place.
        continuation.finish()
        task.cancel()
    }

    private static func report(of context: MLUpdateContext) -> TrainingProgress? {
        let epoch = context.metrics[.epochIndex] as? Int ?? 0
        let loss = context.metrics[.lossValue] as? Double ?? .nan
        switch context.event {
        case .trainingBegin:
            return TrainingProgress(event: .began, epoch: 0, trainedModel: nil)
        case .miniBatchEnd:
            let batch = context.metrics[.miniBatchIndex] as? Int ?? 0
            return TrainingProgress(event: .batch(batch, loss: loss), epoch: epoch, trainedModel: nil)
        case .epochEnd:
            // Where the model cannot be written in the middle of a training, stopping keeps the model of before.
            return TrainingProgress(event: .epoch(loss: loss), epoch: epoch, trainedModel: try? write(context.model))
        default:
            return nil
        }
    }

    private static func finish(
        _ context: MLUpdateContext,
        _ continuation: AsyncThrowingStream<TrainingProgress, Error>.Continuation
    ) {
        if let error = context.task.error {
            continuation.finish(throwing: error)
            return
        }
        do {
            let epoch = context.metrics[.epochIndex] as? Int ?? 0
            let trained = try write(context.model)
            continuation.yield(TrainingProgress(event: .finished, epoch: epoch, trainedModel: trained))
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }

    private static func write(_ model: MLWritable) throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent(UUID().uuidString)
            .appendingPathExtension("mlmodelc")
        try model.write(to: url)
        return url
    }
}
