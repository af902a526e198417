;;; checks.el --- what the checks of the configurations in the README share -*- lexical-binding: t; -*-

(require 'package)
(package-initialize)
(require 'cl-lib)
(require 'project)

;; Stand-ins for the modes of MELPA, with their names and endings.
(define-derived-mode terraform-mode prog-mode "Terraform")
(define-derived-mode bicep-ts-mode prog-mode "Bicep")
(define-derived-mode json-mode prog-mode "JSON")
(add-to-list 'auto-mode-alist '("\\.tf\\'" . terraform-mode))
(add-to-list 'auto-mode-alist '("\\.bicep\\'" . bicep-ts-mode))
(add-to-list 'auto-mode-alist '("\\.json\\'" . json-mode))

(defvar checks-failures 0)

(defmacro check (what &rest body)
  "Say whether BODY, a check of WHAT, runs without an error."
  (declare (indent 1))
  `(condition-case problem
       (progn ,@body (princ (format "ok     %s\n" ,what)))
     (error (cl-incf checks-failures)
            (princ (format "FAILED %s\n       %s\n" ,what (error-message-string problem))))))

(defun becomes (find expected)
  "Wait until FIND returns EXPECTED."
  (with-timeout (10 nil)
    (while (not (equal (funcall find) expected))
      (accept-process-output nil 0.02)))
  (let ((found (funcall find)))
    (unless (equal found expected)
      (error "found    %S\n       expected %S" found expected))))

(defun checks-end ()
  "Leave Emacs, and say whether all checks held."
  (kill-emacs (if (= checks-failures 0) 0 1)))
