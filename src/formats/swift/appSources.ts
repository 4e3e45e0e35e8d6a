/** The Swift files of the app around the core: screens, files, drawing. */
import trainerApp from './app/TrainerApp.swift?raw';
import contentView from './app/ContentView.swift?raw';
import trainingView from './app/TrainingView.swift?raw';
import settingsSection from './app/SettingsSection.swift?raw';
import resultSection from './app/ResultSection.swift?raw';
import lossChart from './app/LossChart.swift?raw';
import drawingView from './app/DrawingView.swift?raw';
import touchPad from './app/TouchPad.swift?raw';
import classBars from './app/ClassBars.swift?raw';
import session from './app/Session.swift?raw';
import lossCurve from './app/LossCurve.swift?raw';
import exampleFile from './app/ExampleFile.swift?raw';
import appFiles from './app/AppFiles.swift?raw';
import trainedModelFile from './app/TrainedModelFile.swift?raw';
import drawnImage from './app/DrawnImage.swift?raw';

export const appSources: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'TrainerApp.swift', text: trainerApp },
  { name: 'ContentView.swift', text: contentView },
  { name: 'TrainingView.swift', text: trainingView },
  { name: 'SettingsSection.swift', text: settingsSection },
  { name: 'ResultSection.swift', text: resultSection },
  { name: 'LossChart.swift', text: lossChart },
  { name: 'DrawingView.swift', text: drawingView },
  { name: 'TouchPad.swift', text: touchPad },
  { name: 'ClassBars.swift', text: classBars },
  { name: 'Session.swift', text: session },
  { name: 'LossCurve.swift', text: lossCurve },
  { name: 'ExampleFile.swift', text: exampleFile },
  { name: 'AppFiles.swift', text: appFiles },
  { name: 'TrainedModelFile.swift', text: trainedModelFile },
  { name: 'DrawnImage.swift', text: drawnImage },
];
