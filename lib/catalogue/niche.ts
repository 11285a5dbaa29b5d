/** Tasks, by the names of Hugging Face's pipeline tags. */
export const tasks = {
  "text-classification": "Text classification",
  "token-classification": "Token classification",
  "zero-shot-classification": "Zero-shot classification",
  "question-answering": "Question answering",
  "table-question-answering": "Table question answering",
  "text-generation": "Text generation",
  summarization: "Summarisation",
  translation: "Translation",
  "sentence-similarity": "Sentence similarity",
  "feature-extraction": "Feature extraction",
  "text-ranking": "Text ranking",
  "fill-mask": "Fill mask",
  "image-classification": "Image classification",
  "object-detection": "Object detection",
  "image-segmentation": "Image segmentation",
  "image-to-text": "Image to text",
  "image-feature-extraction": "Image feature extraction",
  "depth-estimation": "Depth estimation",
  "document-question-answering": "Document question answering",
  "visual-question-answering": "Visual question answering",
  "audio-classification": "Audio classification",
  "automatic-speech-recognition": "Speech recognition",
  "text-to-speech": "Text to speech",
  "voice-activity-detection": "Voice activity detection",
  "video-classification": "Video classification",
  "tabular-classification": "Tabular classification",
  "tabular-regression": "Tabular regression",
  "time-series-forecasting": "Time series forecasting",
  "reinforcement-learning": "Reinforcement learning",
  robotics: "Robotics",
  "graph-ml": "Graph machine learning",
  other: "Other",
} as const;

export type Task = keyof typeof tasks;
export const taskNames = Object.keys(tasks) as Task[];

/** What the model's input is about. */
export const domains = {
  "e-mail": "E-mail",
  "customer-support": "Customer support",
  "content-moderation": "Content filtering",
  compliance: "Compliance",
  legal: "Law",
  finance: "Finance",
  insurance: "Insurance",
  "human-resources": "Human resources",
  healthcare: "Healthcare",
  biology: "Biology",
  chemistry: "Chemistry",
  "earth-observation": "Earth observation",
  weather: "Weather",
  agriculture: "Agriculture",
  energy: "Energy",
  manufacturing: "Manufacturing",
  logistics: "Logistics",
  retail: "Retail",
  fashion: "Fashion",
  food: "Food",
  travel: "Travel",
  education: "Education",
  games: "Games",
  media: "Media",
  software: "Software",
  security: "Security",
  telecoms: "Telecoms",
  "language-identification": "Language identification",
  linguistics: "Linguistics",
  "public-sector": "Public sector",
  "real-estate": "Real estate",
  transport: "Transport",
  general: "General",
} as const;

export type Domain = keyof typeof domains;
export const domainNames = Object.keys(domains) as Domain[];

/** The levels a seller may declare for a niche. */
export const declaredLevels = ["0.80", "0.90", "0.95", "0.99"] as const;
export type DeclaredLevel = (typeof declaredLevels)[number];

export function isTask(text: string): text is Task {
  return Object.hasOwn(tasks, text);
}

export function isDomain(text: string): text is Domain {
  return Object.hasOwn(domains, text);
}

/** "English" for "en"; "any language" for "mul"; the tag itself when it has no name. */
export function languageName(tag: string): string {
  if (tag === "mul") return "Many languages";
  if (tag === "zxx") return "No language";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** A reader's own level from an address: a share from 0.5 to 0.999, or null. */
export function levelOf(value: string | readonly string[] | null | undefined): number | null {
  if (typeof value !== "string" || !/^0\.\d{1,3}$/.test(value)) return null;
  const level = Number(value);
  return level >= 0.5 && level <= 0.999 ? level : null;
}
