import Foundation

/// The losses of a training as points to draw.
struct LossCurve {
    struct Point: Identifiable {
        let id: Int
        /// In epochs.
        let time: Double
        let loss: Double
    }

    /// Points of batches that are drawn at most: drawing more of them would slow the training down.
    private static let most = 300

    private(set) var batches: [Point] = []
    private(set) var epochs: [Point] = []
    private let batchesInEpoch: Int
    private var nextId = 0
    private var shownAt = Date.distantPast
    /// Seconds between two points; they grow as the training goes on.
    private var pause = 0.1

    init(batchesInEpoch: Int = 1) {
        self.batchesInEpoch = max(batchesInEpoch, 1)
    }

    var loss: Double? { epochs.last?.loss ?? batches.last?.loss }

    /// - Returns: whether there is something new to draw.
    mutating func add(_ progress: TrainingProgress) -> Bool {
        switch progress.event {
        case .began, .finished:
            return false
        case .batch(let index, let loss):
            let now = Date()
            guard loss.isFinite, now.timeIntervalSince(shownAt) > pause else { return false }
            shownAt = now
            let share = min(Double(index + 1) / Double(batchesInEpoch), 1)
            batches.append(point(Double(progress.epoch) + share, loss))
            if batches.count > Self.most {
                batches = batches.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
                pause *= 2
            }
            return true
        case .epoch(let loss):
            guard loss.isFinite else { return false }
            epochs.append(point(Double(progress.epoch + 1), loss))
            return true
        }
    }

    private mutating func point(_ time: Double, _ loss: Double) -> Point {
        nextId += 1
        return Point(id: nextId, time: time, loss: loss)
    }
}
