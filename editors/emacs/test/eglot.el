;;; eglot.el --- the configuration of the README for Eglot -*- lexical-binding: t; -*-

(require 'eglot)
(load (getenv "AKSLINT_INIT") nil t)

(defun open (path)
  "Open PATH in the server of the project, as the hook of its mode would."
  (let ((buffer (find-file-noselect path)))
    (with-current-buffer buffer
      ;; `eglot-ensure' waits for a command to end, and no command runs here.
      (unless (eglot-current-server)
        (apply #'eglot--connect (eglot--guess-contact)))
      (eglot--maybe-activate-editing-mode)
      (flymake-mode 1)
      (setq flymake-no-changes-timeout 0.1))
    buffer))

(defun findings (buffer)
  "The findings of BUFFER: line and column of both ends, from 1, in characters, what is said first, and what is marked."
  (with-current-buffer buffer
    (flymake-start)
    (sort
     (mapcar (lambda (it)
               (let ((beginning (flymake-diagnostic-beg it))
                     (end (flymake-diagnostic-end it)))
                 (format "%s-%s %s %s %s"
                         (place beginning) (place end) (flymake-diagnostic-type it)
                         (substring (flymake-diagnostic-text it) 0 16)
                         (buffer-substring-no-properties beginning end))))
             (flymake-diagnostics))
     #'string<)))

(defun place (position)
  "Line and column of POSITION, from 1."
  (save-excursion
    (goto-char position)
    (format "%d:%d" (line-number-at-pos) (1+ (- position (line-beginning-position))))))

(defun replace (buffer from to)
  "Put TO where FROM stands in BUFFER."
  (with-current-buffer buffer
    (goto-char (point-min))
    (search-forward from)
    (replace-match to t t)
    (eglot--signal-textDocument/didChange)))

(defconst host-bits
  "74:27-74:51 eglot-warning akslint [AKS102] local.services[\"Zürich\"]")
(defconst overlap
  "74:27-74:51 eglot-warning akslint [AKS111] local.services[\"Zürich\"]")

(let (main variables server)
  (check "findings in Terraform lie behind umlauts and an emoji"
    (setq main (open "infra/main.tf"))
    (setq server (with-current-buffer main (eglot-current-server)))
    (becomes (lambda () (findings main)) (list host-bits overlap)))

  (check "a finding in Bicep"
    (let ((bicep (open "bicep/main.bicep")))
      (becomes (lambda () (findings bicep))
               '("25:37-25:51 eglot-error akslint [AKS118] '10.70.128.10'"))))

  (check "a finding in an ARM template"
    (let ((template (open "arm/azuredeploy.json")))
      (becomes (lambda () (findings template))
               '("14:101-14:104 eglot-error akslint [AKS213] 500"))))

  (check "an unsaved edit of terraform.tfvars clears a finding in main.tf"
    (setq variables (open "infra/terraform.tfvars"))
    (becomes (lambda () (buffer-local-value 'major-mode variables)) 'terraform-mode)
    (replace variables "10.60.0.0/16" "10.80.0.0/16")
    (becomes (lambda () (findings main)) (list host-bits))
    (replace variables "10.80.0.0/16" "10.60.0.0/16")
    (becomes (lambda () (findings main)) (list host-bits overlap)))

  (check "a hover tells the value of an expression"
    (with-current-buffer main
      (goto-char (point-min))
      (search-forward "service_cidr        = local")
      (let* ((answer (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))
             (text (plist-get (plist-get answer :contents) :value)))
        (unless (string-match-p (regexp-quote "10.60.8.9/21") text)
          (error "found %s" text)))))

  (check "a fix is applied in a line with umlauts and an emoji, and its finding goes"
    (with-current-buffer main
      (goto-char (point-min))
      (search-forward "service_cidr        = ")
      (let* ((actions (eglot-code-actions (point) (line-end-position) "quickfix"))
             (fix (cl-find-if (lambda (it) (string-match-p (regexp-quote "10.60.8.0/21") (plist-get it :title)))
                              actions)))
        (unless fix
          (error "found %S" (mapcar (lambda (it) (plist-get it :title)) actions)))
        (eglot--apply-workspace-edit (plist-get fix :edit))
        (eglot--signal-textDocument/didChange)
        (goto-char (point-min))
        (search-forward "/* 🏔️ */ \"Zürich\" = \"10.60.8.0/21\", /* 🌉 */ \"Köln\" = \"10.60.16.0/21\" }\n}")))
    (becomes (lambda () (findings main)) (list overlap))
    (replace main "10.60.8.0/21" "10.60.8.9/21")
    (becomes (lambda () (findings main)) (list host-bits overlap)))

  (check "settings count at once"
    (with-current-buffer main
      (setq-default eglot-workspace-configuration '(:akslint (:ignore ["AKS111"])))
      (eglot-signal-didChangeConfiguration server))
    (becomes (lambda () (findings main)) (list host-bits)))

  (check "the server leaves when it is told to"
    (let ((process (jsonrpc--process server)))
      (eglot-shutdown-all)
      (becomes (lambda () (process-live-p process)) nil))))
