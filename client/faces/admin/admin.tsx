import "../../words/admin-words.ts";
import { useState } from "react";
import { useCity } from "../../live/store.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { Link } from "../link.tsx";
import { TokenForm } from "../token-form.tsx";
import styles from "./admin.module.css";
import { useCityFile, type CityFile, type FileActions } from "./city-file.ts";
import { FileForm } from "./file-form.tsx";
import { IndicatorForm } from "./indicator-form.tsx";
import { WallForm } from "./wall-form.tsx";

const folders = ["indicators", "walls"] as const;
type Folder = (typeof folders)[number];

/** The city folder's indicators and walls, changed without touching JSON: the same files, checked as `check` does. */
export default function Admin({ folder, id }: { folder: Folder; id: string | null }) {
  const { t } = useWords();
  return (
    <Desk
      title={t("faces.admin.title")}
      className={styles.page!}
      links={
        <>
          <Link to="/">{t("faces.admin.start")}</Link>
          {folders.map((one) => (
            <Link key={one} to={`/admin/${one}`} isCurrent={one === folder}>
              {t(`faces.admin.${one}`)}
            </Link>
          ))}
        </>
      }
    >
      <FileList folder={folder} id={id} />
      <main className={styles.file}>
        {id === null ? (
          <p className={styles.quiet}>{t("faces.admin.choose")}</p>
        ) : (
          <FileEditor key={`${folder}/${id}`} folder={folder} id={id} />
        )}
      </main>
    </Desk>
  );
}

function FileList({ folder, id }: { folder: Folder; id: string | null }) {
  const { t, text } = useWords();
  const [wanted, setWanted] = useState("");
  const city = useCity();
  const files = city === null ? [] : folder === "indicators" ? city.indicators : city.walls;
  const words = wanted.trim().toLowerCase();
  const shown = files.filter((file) =>
    `${file.id} ${file.title.en} ${file.title.zh}`.toLowerCase().includes(words),
  );
  return (
    <nav className={styles.list} aria-label={t(`faces.admin.${folder}`)}>
      <input
        type="search"
        aria-label={t("faces.admin.search")}
        placeholder={t("faces.admin.search")}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ul>
        {shown.map((file) => (
          <li key={file.id}>
            <Link to={`/admin/${folder}/${encodeURIComponent(file.id)}`} isCurrent={file.id === id}>
              {text(file.title)}
              <span className={styles.quiet}> {file.id}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function FileEditor({ folder, id }: { folder: Folder; id: string }) {
  const { t } = useWords();
  const path = `${folder}/${id}.json`;
  const [file, actions] = useCityFile(path);
  switch (file.state) {
    case "loading":
      return <p className={styles.quiet}>{t("faces.admin.loading")}</p>;
    case "missing":
      return <p role="alert">{t("faces.admin.missing", { path })}</p>;
    case "token":
      return <TokenForm why={t("faces.admin.tokenNeeded")} onToken={actions.reload} />;
    case "failed":
      return <p role="alert">{t("faces.admin.failed", { message: file.message })}</p>;
    case "open":
      return <OpenFile folder={folder} path={path} file={file} actions={actions} />;
  }
}

function OpenFile(props: {
  folder: Folder;
  path: string;
  file: CityFile & { readonly state: "open" };
  actions: FileActions;
}) {
  const { folder, path, file, actions } = props;
  const Form = folder === "indicators" ? IndicatorForm : WallForm;
  return (
    <>
      <h2>{path}</h2>
      <FileForm path={path} file={file} actions={actions}>
        <Form draft={file.draft} onChange={actions.change} />
      </FileForm>
    </>
  );
}
