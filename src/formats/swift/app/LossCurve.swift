import Foundation

/// The losses of a training as points to draw.
struct LossCurve {
    struct Point: Identifiable {
        let id: Int
        /// In epochs.
        let time: Double
        let loss: Double
    }

    private(set) var batches: [Point] = []
    private(set) var epochs: [Point] = []
    private var batchesSeen = 0
    private var batchesInEpoch: Int?
    private var shownAt = Date.distantPast

    var loss: Double? { epochs.last?.loss ?? batches.last?.loss }

    mutating func add(_ progress: TrainingProgress) {
        switch progress.event {
        case .began, .finished:
            break
        case .batch(let index, let loss):
            batchesSeen = max(batchesSeen, index + 1)
            // The screen shows some of them: there are thousands.
            let now = Date()
            guard loss.isFinite, now.timeIntervalSince(shownAt) > 0.1 else { return }
            shownAt = now
            let expected = batchesInEpoch ?? Self.expectedBatches
            let share = min(Double(index + 1) / Double(max(expected, 1)), 1)
            batches.append(Point(id: batches.count, time: Double(progress.epoch) + share, loss: loss))
        case .epoch(let loss):
            batchesInEpoch = batchesSeen
            guard loss.isFinite else { return }
            epochs.append(Point(id: epochs.count, time: Double(progress.epoch + 1), loss: loss))
        }
    }

    private static let expectedBatches = max(AppSettings.trainingImages / AppSettings.batchSize, 1)
}
