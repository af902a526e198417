;;; lsp-mode.el --- the configuration of the README for lsp-mode -*- lexical-binding: t; -*-

(require 'lsp-mode)
(require 'lsp-terraform)
(load (getenv "AKSLINT_INIT") nil t)

(setq lsp-auto-guess-root t
      lsp-restart 'ignore
      ;; The server that lsp-mode knows for Terraform; a stand-in, since the real one cannot be installed here.
      lsp-terraform-server (expand-file-name "stand-in-server" (file-name-directory load-file-name)))

(defun servers ()
  "The servers of the buffer, by name."
  (sort (mapcar (lambda (it) (symbol-name (lsp--workspace-server-id it))) (lsp-workspaces)) #'string<))

(defun found (path)
  "What all servers find in the file PATH."
  (sort (mapcar (lambda (it)
                  (format "%s %s" (lsp:diagnostic-source? it) (lsp:diagnostic-code? it)))
                (gethash (file-truename path) (lsp-diagnostics)))
        #'string<))

(let ((root default-directory) (processes nil))
  (check "lsp-mode runs akslint beside the language's own server"
    (find-file (expand-file-name "infra/main.tf" root))
    (lsp)
    (becomes #'servers '("akslint" "tfls"))
    (becomes (lambda () (found (expand-file-name "infra/main.tf" root)))
             '("akslint AKS102" "akslint AKS111" "stand-in S1")))

  (check "lsp-mode runs akslint alone where there is no other"
    (find-file (expand-file-name "bicep/main.bicep" root))
    (lsp)
    (becomes #'servers '("akslint"))
    (becomes (lambda () (found (expand-file-name "bicep/main.bicep" root))) '("akslint AKS118")))

  (check "lsp-mode ends both"
    (dolist (workspace (lsp--session-workspaces (lsp-session)))
      (push (lsp--workspace-cmd-proc workspace) processes)
      (with-lsp-workspace workspace (lsp--shutdown-workspace)))
    (becomes (lambda () (cl-some #'process-live-p processes)) nil)
    (becomes (lambda () (length processes)) 2)))
