@preconcurrency import CoreML
import Foundation

/// What the network reads.
enum NetworkInput {
    /// Numbers that are scaled already: [channels, height, width], or one flat vector in the order of the pixels.
    case array(shape: [Int])
    /// An image whose pixels, 0 to 255, the model scales itself: one channel (grey) or three (red, green, blue).
    case image
}

/// What training compares the output with.
enum NetworkTarget {
    /// The index of the true class.
    case classIndex
    /// One number for each class: 1 for the true one, 0 for the others.
    case oneHot
    /// A classifier's label that is a whole number.
    case wholeNumberLabel
    /// A classifier's label that is text.
    case textLabel
}

/// One number of the training that the model lets the device choose.
struct Hyperparameter: Identifiable {
    enum Allowed {
        case any
        case range(ClosedRange<Double>)
        case values([Double])
    }

    let id: String
    let label: String
    let key: MLParameterKey
    let isWholeNumber: Bool
    let standard: Double
    let allowed: Allowed

    /// The value in the form that Core ML wants.
    func value(_ number: Double) -> Any {
        if isWholeNumber {
            return Int(number.rounded())
        }
        return number
    }

    /// The allowed number that is nearest to this one.
    func nearest(to number: Double) -> Double {
        guard number.isFinite else {
            return standard
        }
        switch allowed {
        case .any:
            return isWholeNumber ? Self.countable(number) : number
        case .range(let range):
            let inside = min(max(number, range.lowerBound), range.upperBound)
            return isWholeNumber ? Self.countable(inside) : inside
        case .values(let values):
            return values.min { abs($0 - number) < abs($1 - number) } ?? standard
        }
    }

    /// The nearest whole number that a Double and an Int both hold.
    private static func countable(_ number: Double) -> Double {
        let largest = Double(1 << 53)
        return min(max(number.rounded(), -largest), largest)
    }
}

/// Something that went wrong, in a sentence for the person.
struct NetworkError: LocalizedError {
    let errorDescription: String?

    init(_ sentence: String) {
        errorDescription = sentence
    }
}
