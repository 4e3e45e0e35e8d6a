@preconcurrency import CoreML
import Foundation

/// Examples as Core ML asks for them. Each is made when it is asked for, so that a large set never stands in memory as
/// arrays of numbers.
final class ExampleBatch: NSObject, MLBatchProvider {
    private let examples: ExampleSet
    private let range: Range<Int>
    private let hasTargets: Bool

    /// - Parameter hasTargets: true for training, where Core ML wants the true class too.
    init(_ examples: ExampleSet, range: Range<Int>, hasTargets: Bool) {
        self.examples = examples
        self.range = range
        self.hasTargets = hasTargets
    }

    var count: Int { range.count }

    func features(at index: Int) -> MLFeatureProvider {
        let place = range.lowerBound + index
        return ExampleFeatures(
            pixels: examples.pixels(at: place),
            classIndex: hasTargets ? examples.classIndex(at: place) : nil
        )
    }
}

/// One example.
final class ExampleFeatures: NSObject, MLFeatureProvider {
    private let pixels: Data
    private let classIndex: Int?

    init(pixels: Data, classIndex: Int? = nil) {
        self.pixels = pixels
        self.classIndex = classIndex
    }

    var featureNames: Set<String> {
        classIndex == nil
            ? [NetworkSettings.inputName]
            : [NetworkSettings.inputName, NetworkSettings.targetName]
    }

    func featureValue(for featureName: String) -> MLFeatureValue? {
        switch featureName {
        case NetworkSettings.inputName:
            return try? FeatureValues.input(pixels)
        case NetworkSettings.targetName:
            return classIndex.flatMap { try? FeatureValues.target($0) }
        default:
            return nil
        }
    }
}
